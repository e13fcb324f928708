//! Reports as commands make them: which formats there are, which goes where, and one reader of events that hands each event on to
//! all of them. Next: `validate.rs` and `verify/`, which use them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wireproof_contract::Event;
use wireproof_contract::report::{Html, Json, Junit, Markdown, Ndjson, Pretty, Report, Sarif, Style, Tool};

use crate::environment::Environment;
use crate::error::Failure;
use crate::output::Stream;
use crate::progress::Progress;
use crate::write::NewFile;

/// This program, as reports name it.
pub(crate) const THIS: Tool = Tool { name: "wireproof", version: env!("CARGO_PKG_VERSION") };

/// How and where to report.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ReportArguments {
    /// How to report; may repeat, each paired with an `--output`
    #[arg(long = "format", value_enum, value_name = "FORMAT")]
    formats: Vec<Format>,
    /// Where to report; the last format without one goes to standard output (`-`)
    #[arg(long = "output", value_name = "FILE")]
    outputs: Vec<PathBuf>,
    /// List every exchange, also those that conform and those that repeat what was told, and what reading the documents gave
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Show values of bodies, parameters and URLs in reports, which may be personal; credentials stay masked
    #[arg(long)]
    pub(crate) show_values: bool,
}

/// The formats of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Pretty,
    /// One JSON object
    Json,
    /// A line of JSON per exchange, and one with the summary
    Ndjson,
    /// XML for CI servers
    Junit,
    /// SARIF 2.1.0 for code hosts
    Sarif,
    /// Markdown for CI summaries
    Markdown,
    /// One page for browsers, complete in itself
    Html,
}

/// A format and its file; `None` is standard output.
pub(crate) type Target<'p> = (Format, Option<&'p Path>);

impl ReportArguments {
    /// Pairs formats with outputs in their order; standard output takes one report.
    ///
    /// # Errors
    ///
    /// When there are more outputs than formats, or two reports for standard output.
    pub(crate) fn targets(&self) -> Result<Vec<Target<'_>>, Failure> {
        pair(&self.formats, Format::Pretty, &self.outputs)
    }

    /// Whether a report wants the document and the body cut out around each finding.
    pub(crate) fn wants_excerpts(&self) -> bool {
        self.formats.is_empty() || self.formats.iter().any(|format| matches!(format, Format::Pretty | Format::Html))
    }
}

/// Pairs formats with outputs in their order; `usual` stands in where no format is named.
///
/// # Errors
///
/// When there are more outputs than formats, or two reports for standard output.
pub(crate) fn pair<'p, F: Copy>(formats: &[F], usual: F, outputs: &'p [PathBuf]) -> Result<Vec<(F, Option<&'p Path>)>, Failure> {
    let formats = if formats.is_empty() { std::slice::from_ref(&usual) } else { formats };
    if outputs.len() > formats.len() {
        return Err(Failure::new(format!("there are {} `--output` for {} `--format`", outputs.len(), formats.len()))
            .with_help("give each `--output` a `--format`"));
    }
    let output = |index: usize| outputs.get(index).map(PathBuf::as_path).filter(|path| path.as_os_str() != "-");
    let targets: Vec<_> = formats.iter().enumerate().map(|(index, format)| (*format, output(index))).collect();
    if targets.iter().filter(|(_, output)| output.is_none()).count() > 1 {
        return Err(
            Failure::new("more than one report would go to standard output").with_help("give each `--format` but one an `--output FILE`")
        );
    }
    Ok(targets)
}

/// Files begun for the targets that have one.
///
/// # Errors
///
/// When one cannot be written.
pub(crate) fn open<F: Copy>(targets: &[(F, Option<&Path>)], environment: &Environment<'_>) -> Result<Vec<(F, Option<NewFile>)>, Failure> {
    let file = |output: &Path| NewFile::begin(&environment.resolve(output), &output.to_string_lossy());
    targets.iter().map(|(format, output)| Ok((*format, output.map(file).transpose()?))).collect()
}

/// Puts the files in their places.
///
/// # Errors
///
/// When the disk refuses.
pub(crate) fn commit<F>(opened: Vec<(F, Option<NewFile>)>) -> Result<(), Failure> {
    opened.into_iter().filter_map(|(_, file)| file).try_for_each(NewFile::commit)
}

/// All reports of a run.
pub(crate) struct Reports<'r> {
    reports: Vec<Box<dyn Report + 'r>>,
    /// Why the first that failed did.
    error: Option<io::Error>,
}

impl<'r> Reports<'r> {
    /// The reports that are written to `opened`, and to `out` where there is no file. A report on the terminal and the progress bar
    /// keep out of each other's way.
    pub(crate) fn new(opened: &'r mut [(Format, Option<NewFile>)], out: &'r mut Stream<'_>, verbose: bool, progress: &'r Progress) -> Self {
        let (colour, width, terminal) = (out.colour(), out.width(), out.terminal());
        let mut stdout: Option<&mut dyn Write> = Some(out);
        let mut reports: Vec<Box<dyn Report + 'r>> = Vec::new();
        for (format, file) in opened {
            let to_file = file.is_some();
            let writer: Box<dyn Write + 'r> = match file {
                Some(file) => Box::new(file),
                // There is one such target at most.
                None => match stdout.take() {
                    Some(out) if terminal => Box::new(progress.aside(out)),
                    Some(out) => Box::new(out),
                    None => continue,
                },
            };
            reports.push(report(*format, writer, Style { color: colour && !to_file, width, verbose }));
        }
        Self { reports, error: None }
    }

    /// Hands an event on; false once a report cannot be written.
    pub(crate) fn take(&mut self, event: &Event) -> bool {
        for report in &mut self.reports {
            if let Err(error) = report.event(event) {
                self.error.get_or_insert(error);
                return false;
            }
        }
        true
    }

    /// Ends the reports.
    ///
    /// # Errors
    ///
    /// Why one could not be written.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.error.map_or(Ok(()), |error| Err(Failure::new(format!("cannot write the report: {error}"))))
    }
}

fn report<'r>(format: Format, writer: Box<dyn Write + 'r>, style: Style) -> Box<dyn Report + 'r> {
    match format {
        Format::Pretty => Box::new(Pretty::new(writer, style)),
        Format::Json => Box::new(Json::new(writer, THIS)),
        Format::Ndjson => Box::new(Ndjson::new(writer, THIS)),
        Format::Junit => Box::new(Junit::new(writer)),
        Format::Sarif => Box::new(Sarif::new(writer, THIS)),
        Format::Markdown => Box::new(Markdown::new(writer)),
        Format::Html => Box::new(Html::new(writer, THIS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_and_outputs_pair_in_order() {
        let targets = |formats: &[Format], outputs: &[&str]| {
            let arguments = ReportArguments {
                formats: formats.to_vec(),
                outputs: outputs.iter().map(PathBuf::from).collect(),
                ..ReportArguments::default()
            };
            arguments
                .targets()
                .map(|targets| targets.iter().map(|(format, path)| (*format, path.map(Path::to_path_buf))).collect::<Vec<_>>())
        };
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(targets(&[], &[]), Ok(vec![(Format::Pretty, None)]));
        assert_eq!(targets(&[Format::Json, Format::Html], &["a"]), Ok(vec![(Format::Json, path("a")), (Format::Html, None)]));
        assert_eq!(targets(&[Format::Json, Format::Pretty], &["-", "b"]), Ok(vec![(Format::Json, None), (Format::Pretty, path("b"))]));
        assert!(targets(&[Format::Json, Format::Pretty], &[]).is_err(), "two reports for one standard output");
        assert!(targets(&[], &["a", "b"]).is_err(), "more outputs than formats");
    }
}
