//! Rows of four articles on one event.

use super::*;
use crate::label::{Attribution, TextSpan};
use crate::reliability::{Grade, Outcomes, Ratings, estimate_with};

fn span(text: &str) -> Option<TextSpan> {
    Some(TextSpan { text: text.into(), start: 0, end: text.len() })
}

fn row(article: &str, outlet: &str, date: &str, sentence: usize, label: &str, text: &str) -> LabelledSentence {
    LabelledSentence {
        article: article.into(),
        outlet: Some(outlet.into()),
        date: Some(date.into()),
        sentence,
        start: 0,
        end: text.len(),
        text: text.into(),
        label: label.into(),
        confidence: 0.9,
        probabilities: Vec::new(),
        attributions: Vec::new(),
    }
}

fn says(mut row: LabelledSentence, source: &str, cue: &str, content: &str) -> LabelledSentence {
    let attribution =
        Attribution { source: span(source), cue: span(cue), content: span(content), ..Attribution::default() };
    row.attributions.push(attribution);
    row
}

/// The Gazette reports; the Courier reprints it; the Ledger writes its own story a day later.
fn ferries() -> Vec<LabelledSentence> {
    let open = "The operator had ignored three warnings about the radar, Mira Holt said.";
    let first = |article: &str, outlet: &str| {
        vec![
            row(
                article,
                outlet,
                "2024-03-01",
                0,
                "fact",
                "Two ferries collided off Orla on Friday morning in thick fog.",
            ),
            row(
                article,
                outlet,
                "2024-03-01",
                1,
                "fact",
                "Eleven passengers were taken to the hospital at Sund with cuts.",
            ),
            says(
                row(article, outlet, "2024-03-01", 2, "allegation", open),
                "Mira Holt",
                "said",
                "The operator had ignored three warnings about the radar",
            ),
        ]
    };
    let mut rows = first("g1", "Gazette");
    rows.extend(first("c1", "Courier"));
    rows.push(row("l1", "Ledger", "2024-03-02", 0, "fact", "Two ferries collided in fog off Orla on Friday."));
    rows.push(row(
        "l1",
        "Ledger",
        "2024-03-02",
        1,
        "fact",
        "Fourteen passengers were treated at the hospital in Sund.",
    ));
    rows.push(says(
        row(
            "l1",
            "Ledger",
            "2024-03-02",
            2,
            "allegation",
            "Linha Blue denied that it had ignored warnings about the radar.",
        ),
        "Linha Blue",
        "denied",
        "that it had ignored warnings about the radar",
    ));
    rows.push(row("l1", "Ledger", "2024-03-02", 3, "background", "The route has been served since 1931."));
    rows
}

fn subject<'a>(seen: &'a Observations, id: &str) -> &'a Subject {
    seen.subjects.iter().find(|s| s.id == id).unwrap()
}

#[test]
fn statements_become_claims_and_versions() {
    let seen = Observations::new(ferries(), &Aliases::default());
    assert_eq!((seen.articles.len(), seen.statements.len()), (3, 9));
    assert_eq!(subject(&seen, "g1:0").versions.len(), 1);
    assert_eq!(subject(&seen, "g1:0").versions[0].statements.len(), 3);
    assert_eq!(subject(&seen, "g1:1").versions.len(), 2, "11 and 14 are two versions");
    let radar = subject(&seen, "g1:2");
    assert_eq!((radar.versions.len(), radar.versions[1].negative), (2, true));
    let prepared = seen.claims(&Ratings::default());
    let names: Vec<&str> = prepared.claims.sources.iter().map(String::as_str).collect();
    assert_eq!(names, ["gazette", "courier", "ledger", "mira-holt", "linha-blue"]);
}

#[test]
fn a_reprint_is_one_vote_and_a_later_fact_is_evidence() {
    let seen = Observations::new(ferries(), &Aliases::default());
    assert!(seen.one_voice(0, 1) && !seen.one_voice(0, 2));
    let prepared = seen.claims(&Ratings::default());
    let claim = |source: &str, value: &str| {
        let s = prepared.claims.sources.get_index_of(source).unwrap();
        let by = prepared.claims.claims_by(s).iter();
        by.copied().find(|c| prepared.claims.text_of(prepared.claims.value[*c as usize] as usize) == value).unwrap()
    };
    assert_eq!(prepared.context.copied.len(), 2, "the fog and the injured");
    assert_eq!(prepared.context.stated.get(&claim("gazette", "g1:0")), Some(&true));
    assert_eq!(prepared.context.stated.get(&claim("gazette", "g1:1")), Some(&false));
    assert_eq!(prepared.context.stated.get(&claim("ledger", "g1:0")), None, "nobody says it after the Ledger");
    let found = estimate_with(&prepared.claims, &Outcomes::none(&prepared.claims), &prepared.context);
    let value = prepared.claims.value[claim("gazette", "g1:0") as usize] as usize;
    assert!((found.independent[value] - 2.0).abs() < 0.05, "{}", found.independent[value]);
    assert!(found.sources.iter().all(|s| s.grade == Grade::F));
}

#[test]
fn outcomes_settle_claims() {
    let seen = Observations::new(ferries(), &Aliases::default());
    let prepared = seen.claims(&Ratings::default());
    let read = |text: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read_outcomes(file.path(), &seen, &prepared).map_err(|e| e.to_string())
    };
    let outcomes = read("article,sentence,outcome\nl1,1,false\nc1,2,false\nno,1,true\n").unwrap();
    assert_eq!((outcomes.len(), outcomes.without_claims), (2, 1));
    let judge = |id: &str| {
        let v = (0..prepared.claims.values()).find(|v| prepared.claims.text_of(*v) == id).unwrap();
        outcomes.judge(&prepared.claims, &prepared.context.hierarchy, v)
    };
    assert_eq!(judge("l1:1"), Some(false));
    assert_eq!(judge("g1:1"), None, "that 14 is wrong does not make 11 right");
    assert_eq!((judge("g1:2"), judge("l1:2")), (Some(false), Some(true)), "a denial is right when the claim is wrong");
    for (text, part) in [
        ("claim,outcome\ng1:0,true\ng1:0,false\n", ":3: claim g1:0 is false here and true on line 2"),
        ("claim,outcome\ng1:1,true\nl1:1,true\n", "which contradicts it, on line 2"),
        ("claim,outcome\ng1:1,perhaps\n", "neither true nor false"),
        ("claim,outcome\n,true\n", "it names no claim"),
        ("claim,outcome\n", "no outcomes"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn nobody_in_particular_is_one_row_and_hedges_are_no_claims() {
    let mut rows = ferries();
    rows.push(says(
        row("g1", "Gazette", "2024-03-01", 3, "allegation", "The radar was switched off, officials said."),
        "officials",
        "said",
        "The radar of the larger ship was switched off",
    ));
    rows.push(says(
        row("l1", "Ledger", "2024-03-02", 4, "allegation", "Witnesses said the captain had slept."),
        "witnesses",
        "said",
        "the captain of the smaller ship had slept",
    ));
    rows.push(says(
        row("l1", "Ledger", "2024-03-02", 5, "allegation", "Linha Blue may close the northern route, Mira Holt said."),
        "Mira Holt",
        "said",
        "Linha Blue may close the northern route",
    ));
    let seen = Observations::new(rows, &Aliases::default());
    let prepared = seen.claims(&Ratings::default());
    let outcomes = Outcomes::none(&prepared.claims);
    let found = estimate_with(&prepared.claims, &outcomes, &prepared.context);
    let report = Report::new(&seen, &prepared, &outcomes, &found);
    assert_eq!(report.sources.iter().filter(|s| s.id == "(anonymous)").count(), 1);
    let hedged = report.claims.iter().find(|c| c.id == "l1:5").unwrap();
    assert_eq!((hedged.probability, hedged.said[0].stance), (None, Stance::Hedge));
}

#[test]
fn hostile_text_stays_text() {
    let mut rows = ferries();
    rows[0].text = "<script>alert(1)</script> & \"two\" ferries collided off <b>Orla</b>.".into();
    rows[0].outlet = Some("<img src=x onerror=alert(1)>".into());
    let seen = Observations::new(rows, &Aliases::default());
    let prepared = seen.claims(&Ratings::default());
    let outcomes = Outcomes::none(&prepared.claims);
    let found = estimate_with(&prepared.claims, &outcomes, &prepared.context);
    let page = page(&Report::new(&seen, &prepared, &outcomes, &found));
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>Orla"), "{page}");
    assert!(page.contains("&lt;script&gt;") && page.contains("no outcomes"));
}
