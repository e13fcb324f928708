//! A piece of text with its mark, drawn by `miette`.

use std::fmt;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use super::Style;
use crate::finding::{Excerpt, Severity};

/// How many lines of the text are shown around the mark.
const CONTEXT: usize = 3;

/// Some lines of a text that know where in it they were cut out.
#[derive(Debug)]
struct Cutting {
    name: String,
    text: Arc<str>,
    /// How many lines come before the first.
    before: usize,
}

impl SourceCode for Cutting {
    fn read_span<'a>(&'a self, span: &SourceSpan, before: usize, after: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            inner.line() + self.before,
            inner.column(),
            inner.line_count(),
        )))
    }
}

/// An excerpt in the form that `miette` draws.
#[derive(Debug)]
struct Drawing {
    source: Cutting,
    label: LabeledSpan,
    severity: miette::Severity,
}

impl fmt::Display for Drawing {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.clone())))
    }
}

/// Draws an excerpt; without colour where none is asked for, and never with links.
pub(super) fn render(excerpt: &Excerpt, style: Style, severity: Severity) -> String {
    let drawing = Drawing {
        source: Cutting { name: excerpt.name.clone(), text: Arc::clone(&excerpt.text), before: excerpt.line.saturating_sub(1) },
        label: LabeledSpan::new_primary_with_span(Some(excerpt.label.clone()), (excerpt.offset, excerpt.length)),
        severity: match severity {
            Severity::Violation => miette::Severity::Error,
            Severity::Drift => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        },
    };
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(style.width.saturating_sub(10).max(40))
        .with_context_lines(CONTEXT);
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &drawing).is_err() {
        // The only error is that the mark lies outside of the text; the place is told in words then.
        return format!("{}: {}", excerpt.name, excerpt.label);
    }
    // The drawing begins with a line for the message, which stands above already.
    let body = drawn.trim_start_matches('\n').split_once('\n').map_or(drawn.as_str(), |(_, body)| body);
    body.trim_end().to_owned()
}
