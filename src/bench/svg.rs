//! Measurements as a plot.

use super::report::BenchReport;

const WIDTH: f64 = 900.0;
const NAMES: f64 = 290.0;
const ROW: f64 = 34.0;

impl BenchReport {
    /// Sentences a second, a bar a row with its interval; a stand-alone SVG.
    pub fn to_svg(&self) -> String {
        let rows = &self.measurements;
        let height = 70.0 + ROW * rows.len() as f64;
        let top = rows.iter().map(|m| m.sentences_per_second.high).fold(1.0, f64::max);
        let scale = (WIDTH - NAMES - 110.0) / top;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
             aria-label=\"Sentences a second\" font-family=\"system-ui, sans-serif\" font-size=\"14\">\n\
             <style>text{{fill:#222}}.bar{{fill:#3366aa}}.line{{stroke:#222;stroke-width:2}}\
             @media(prefers-color-scheme:dark){{text{{fill:#eee}}.bar{{fill:#7aa7e0}}.line{{stroke:#eee}}}}</style>\n\
             <text x=\"0\" y=\"20\" font-weight=\"600\">Sentences a second (median and interval)</text>\n\
             <text x=\"0\" y=\"42\" font-size=\"11\">{}</text>\n",
            escape(&self.headline())
        );
        for (i, m) in rows.iter().enumerate() {
            let s = &m.sentences_per_second;
            let y = 58.0 + ROW * i as f64;
            let (bar, low, high) = (s.median * scale, NAMES + s.low * scale, NAMES + s.high * scale);
            let (middle, base, after) = (y + 11.0, y + 16.0, high + 8.0);
            out.push_str(&format!(
                "<text x=\"0\" y=\"{base:.1}\">{}</text>\
                 <rect class=\"bar\" x=\"{NAMES}\" y=\"{y:.1}\" width=\"{bar:.1}\" height=\"22\"/>\
                 <line class=\"line\" x1=\"{low:.1}\" x2=\"{high:.1}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\"/>\
                 <text x=\"{after:.1}\" y=\"{base:.1}\">{:.0}</text>\n",
                escape(&m.name()),
                s.median,
            ));
        }
        out.push_str("</svg>\n");
        out
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
