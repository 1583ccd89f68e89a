//! Writing artefacts into a folder that people work in: what they changed there is taken in or reported, never lost.
//!
//! In: a folder, perhaps with an earlier compile and people's changes to its Markdown. Out: the folder brought up to date,
//! edits taken from it, and a diagnostic for each change that could not be taken in; such a section stays as it is.
//! Files that would not change are not written. A specification keeps its folder whatever its title becomes.

use crate::Error;
use crate::artifacts::{Beside, Compiled};
use crate::editing::Edited;
use crate::session::Session;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use throughline_backends::Format;
use throughline_backends::inplace::{self, Document, Section};
use throughline_model::diagnostic::{Diagnostic, Severity};
use throughline_model::spec::Artifact;
use throughline_model::{Host, InsightId, SpecItemId};

/// Characters of an id that end a folder's name.
const ID_CHARS: usize = 14;

/// What came of writing.
#[derive(Debug, Default)]
pub struct Emitted {
    /// What was compiled, people's changes included.
    pub compiled: Compiled,
    /// Files that were written.
    pub n_written: usize,
    /// Files that are as they were.
    pub n_unchanged: usize,
    /// Edits that were taken from the folder.
    pub imported: Vec<Edited>,
    /// Changes that could not be taken in.
    pub diagnostics: Vec<Diagnostic>,
}

/// A document that lies in the folder, with what would be written there.
struct Lying {
    path: String,
    document: Document,
}

impl Session {
    /// Compiles into a folder, as [`Session::compile_as`]. What people changed in its Markdown since is taken in as edits
    /// by `by` where it can be told sentence by sentence; else the section stays and is reported.
    ///
    /// # Errors
    /// As [`Session::compile`], and when a file cannot be read or written.
    pub fn emit(
        &mut self,
        host: &dyn Host,
        out: &Path,
        names: &[String],
        beside: &Beside,
        by: &str,
    ) -> Result<Emitted, Error> {
        let folders = folders(host, out, beside.format);
        // What was asked for once is kept up to date.
        let has_release = folders.values().any(|folder| host.open(&out.join(folder).join("pr-faq.md")).is_ok());
        let with_release = beside.with_release || (beside.format.is_none() && has_release);
        let beside = Beside { folders, with_release, ..beside.clone() };
        let mut emitted = Emitted { compiled: self.compile_as(names, &beside)?, ..Emitted::default() };
        let lying = lying(host, out, &emitted.compiled.files);
        let mut taken: BTreeSet<(String, String)> = BTreeSet::new();
        if lying.iter().any(|lying| lying.document.sections.iter().any(Section::is_edited)) {
            taken = self.take_in(&lying, by, &mut emitted)?;
        }
        if !emitted.imported.is_empty() {
            emitted.compiled = self.compile_as(names, &beside)?;
        }
        let documents: BTreeMap<&str, &Document> =
            lying.iter().map(|lying| (lying.path.as_str(), &lying.document)).collect();
        for file in &mut emitted.compiled.files {
            let Some(document) = documents.get(file.path.as_str()) else { continue };
            let Some(generated) = inplace::read(&String::from_utf8_lossy(&file.bytes)) else { continue };
            let stays = |section: &Section| !taken.contains(&(file.path.clone(), section.id.clone()));
            file.bytes = inplace::print(&inplace::updated(&generated, document, &stays)).into_bytes();
        }
        for file in &emitted.compiled.files {
            let path = out.join(&file.path);
            if read(host, &path).is_some_and(|lying| lying == file.bytes) {
                emitted.n_unchanged += 1;
                continue;
            }
            host.write(&path, &file.bytes).map_err(|source| Error::Path { path, source })?;
            emitted.n_written += 1;
        }
        Ok(emitted)
    }

    /// Takes in what people changed, and says which sections were taken in whole.
    fn take_in(
        &mut self,
        lying: &[Lying],
        by: &str,
        emitted: &mut Emitted,
    ) -> Result<BTreeSet<(String, String)>, Error> {
        let generated: BTreeMap<String, Document> = emitted
            .compiled
            .files
            .iter()
            .filter_map(|file| Some((file.path.clone(), inplace::read(&String::from_utf8_lossy(&file.bytes))?)))
            .collect();
        let mut taken = BTreeSet::new();
        let mut said: BTreeMap<SpecItemId, String> = BTreeMap::new();
        for Lying { path, document } in lying {
            let edited: Vec<&Section> = document.sections.iter().filter(|section| section.is_edited()).collect();
            let Some(insight) = insight_of(path).filter(|_| !edited.is_empty()) else { continue };
            let Ok(found) = self.specification(&insight.to_string())? else { continue };
            for section in edited {
                let now = generated.get(path).and_then(|d| d.sections.iter().find(|now| now.id == section.id));
                let Some(now) = now.filter(|now| now.mark == section.mark) else {
                    emitted.diagnostics.push(conflict(path, section));
                    continue;
                };
                let changes = inplace::changed(&now.body, &section.body, &found.sentences.all);
                let changes = changes.filter(|changes| !changes.is_empty());
                let is_said = |(id, text): &(SpecItemId, String)| said.get(id).is_none_or(|other| other == text);
                let Some(changes) = changes.filter(|changes| changes.iter().all(is_said)) else {
                    emitted.diagnostics.push(unclear(path, section));
                    continue;
                };
                for (id, text) in changes {
                    if said.insert(id, text.clone()).is_some() {
                        continue;
                    }
                    match self.edit(&id.to_string(), &text, by, Some(&format!("written into {path}"))) {
                        Ok(edited) => emitted.imported.push(edited),
                        Err(Error::Edit { .. }) => {}
                        Err(error) => return Err(error),
                    }
                }
                taken.insert((path.clone(), section.id.clone()));
            }
        }
        Ok(taken)
    }

    /// Files of a folder in which people changed something that was not taken in yet.
    #[must_use]
    pub fn changed_by_people(host: &dyn Host, out: &Path, files: &[Artifact]) -> Vec<String> {
        let is_edited = |lying: &Lying| lying.document.sections.iter().any(Section::is_edited);
        lying(host, out, files).into_iter().filter(is_edited).map(|lying| lying.path).collect()
    }
}

fn conflict(path: &str, section: &Section) -> Diagnostic {
    let message = format!("section “{}” was changed here, and what it says was compiled otherwise since", section.id);
    let remedy = "say it as an edit (`throughline sentences`, `throughline edit`), then remove the section here; the next compile writes it anew";
    Diagnostic::new("section-conflict", Severity::Warning, message, remedy).at(path, Some(section.line), None)
}

fn unclear(path: &str, section: &Section) -> Diagnostic {
    let message = format!("section “{}” was changed here, and it cannot be told which sentence reads how", section.id);
    let remedy = "change words of sentences and leave what stands between them, write additions between sections, or use `throughline edit`; the section stays as it is";
    Diagnostic::new("section-unclear", Severity::Warning, message, remedy).at(path, Some(section.line), None)
}

fn read(host: &dyn Host, path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    host.open(path).ok()?.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Documents that lie where files would be written.
fn lying(host: &dyn Host, out: &Path, files: &[Artifact]) -> Vec<Lying> {
    let documents = files.iter().filter(|file| Path::new(&file.path).extension().is_some_and(|end| end == "md"));
    documents
        .filter_map(|file| {
            let bytes = read(host, &out.join(&file.path))?;
            let document = inplace::read(&String::from_utf8_lossy(&bytes))?;
            Some(Lying { path: file.path.clone(), document })
        })
        .collect()
}

/// Folders of specifications that are there already, by the id that ends their names.
fn folders(host: &dyn Host, out: &Path, format: Option<Format>) -> BTreeMap<InsightId, String> {
    let root = match format {
        None | Some(Format::SpecKit) => "specs",
        Some(Format::OpenSpec) => "openspec/changes",
        Some(Format::Kiro) => ".kiro/specs",
    };
    let is_numbered = |name: &str| name.get(..3).is_some_and(|head| head.chars().all(|c| c.is_ascii_digit()));
    let mut known = BTreeMap::new();
    let base = out.join(root);
    for file in host.list(&base).unwrap_or_default() {
        let Ok(below) = file.path.strip_prefix(&base) else { continue };
        let Some(name) = below.components().next().and_then(|part| part.as_os_str().to_str()) else { continue };
        // Our own folders and those of spec-kit lie side by side.
        if root == "specs" && is_numbered(name) != (format == Some(Format::SpecKit)) {
            continue;
        }
        if let Some(id) = insight_named(name) {
            known.entry(id).or_insert_with(|| format!("{root}/{name}"));
        }
    }
    known
}

fn insight_named(folder: &str) -> Option<InsightId> {
    folder.get(folder.len().checked_sub(ID_CHARS)?..)?.parse().ok()
}

fn insight_of(path: &str) -> Option<InsightId> {
    path.split('/').rev().skip(1).find_map(insight_named)
}
