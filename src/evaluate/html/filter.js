for (const box of document.querySelectorAll(".browser")) {
  const [gold, pred, words] = box.querySelectorAll("select, input");
  const rows = [...box.querySelectorAll(".error")];
  const shown = box.querySelector(".shown");
  const filter = () => {
    const wanted = words.value.toLowerCase();
    let count = 0;
    for (const row of rows) {
      const keep = (!gold.value || row.dataset.gold === gold.value) && (!pred.value || row.dataset.pred === pred.value)
        && (!wanted || row.textContent.toLowerCase().includes(wanted));
      row.hidden = !keep;
      count += keep;
    }
    shown.textContent = count + " shown";
  };
  box.querySelector(".filters").addEventListener("input", filter);
  box.querySelector(".filters").hidden = false;
  filter();
}
