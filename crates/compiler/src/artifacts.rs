//! Artefacts: what a team reads, as files. Specifications are made on demand and held to their rules.
//!
//! In: what was made of the chosen insights, all insights, digests. Out: a page of all insights, a folder per specified
//! insight, a digest per department. Rules are checked and files printed through the engine: what reads nothing that
//! changed is known.
//! Cost: linear in the chosen insights and what their slices hold; `cargo run --release -p throughline-compiler --example specs` shows it.
//! Invariant: nothing is written when a quote does not match its record.

use crate::Error;
use crate::editing::{Made, make};
use crate::session::Ranked;
use crate::slices;
use crate::stages::{Digest, LINT, RENDER_INDEX, SPECIFY, render_step};
use crate::{forward, rules};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use throughline_backends::folder::{PARTS, folder_of, index, release};
use throughline_backends::index::Entry;
use throughline_backends::{Dossier, EDITION, Format, Listing, slug};
use throughline_engine::{Engine, Fingerprint, Fold, Memo, RunLog};
use throughline_model::persona::Cast;
use throughline_model::plan::Plan;
use throughline_model::revision::Since;
use throughline_model::share::{Share, shares};
use throughline_model::spec::{Artifact, Spec};
use throughline_model::{CodeMap, Corpus, Insight, InsightId, Score, Settings};
use throughline_plan::strategy::Seen;

/// Files, and what could not be made.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// Below the output folder, by path.
    pub files: Vec<Artifact>,
    /// Insights that were not specified: name and reason.
    pub abstained: Vec<(String, String)>,
    /// Rules that a specification does not keep, or that could not be checked.
    pub findings: Vec<Finding>,
    /// Specifications that read otherwise than they were accepted: insight, name, and what differs.
    pub updates: Vec<(InsightId, String, Since)>,
    /// Which specifications were made anew, checked anew and printed anew.
    pub log: RunLog,
    /// The rules of the strategy and the personas that are not kept, or could not be checked.
    pub workspace: Vec<throughline_specify::lint::Finding>,
    /// What each objective takes for granted, and what feedback made of it; in the order of the objectives.
    pub lines: Vec<Vec<throughline_specify::from_strategy::Line>>,
    /// How much of each specification rests on evidence or code.
    pub shares: Vec<SpecShare>,
}

/// How much of a specification rests on evidence or code.
#[derive(Debug, Clone, Serialize)]
pub struct SpecShare {
    /// The insight.
    pub insight_id: InsightId,
    /// Title of the specification.
    pub title: String,
    /// Of all its statements.
    pub all: Share,
    /// Of problem, who and stories alone.
    pub first: Share,
}

/// A rule that a specification does not keep.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The insight.
    pub insight_id: InsightId,
    /// What the rule says.
    #[serde(flatten)]
    pub finding: throughline_specify::lint::Finding,
}

/// A dossier with the fingerprint of everything but its sentences.
pub(crate) struct Printed<'a> {
    pub(crate) dossier: Dossier<'a>,
    beside: Fingerprint,
    folder: String,
    code: Option<&'a CodeMap>,
}

/// Specifies and prints insights that lie in no workspace, as an embedding program or a measurement has them.
///
/// # Errors
/// When a quote does not match its record, or the memo fails.
pub fn compile_given(
    memo: &dyn Memo,
    settings: &Settings,
    corpus: &Corpus,
    ranked: Vec<Ranked>,
) -> Result<Compiled, Error> {
    let engine = Engine::new(memo, &|| false);
    let all = ranked.clone();
    let made = make(&engine, settings, corpus, &cast_of(settings, corpus, &all), ranked, &[], None)?;
    compile(&engine, settings, &all, &made, &[], &Beside::default())
}

/// Of the program: its printing code, and the step that specifies.
pub(crate) fn edition() -> String {
    format!("{EDITION}.{}", SPECIFY.version)
}

/// What a compile is told beside the insights.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Folders of specifications that are there already: they keep their names whatever the title becomes.
    pub folders: BTreeMap<InsightId, String>,
    /// Whether press releases are wanted.
    pub with_release: bool,
    /// The layout of another tool, in place of our own.
    pub format: Option<Format>,
    /// Specifications that the index lists and that are not compiled: insight, title and folder.
    pub entries: Vec<(InsightId, String, String)>,
}

/// Compiles what was made of the chosen insights.
///
/// # Errors
/// When a quote does not match its record, or the memo fails.
pub(crate) fn compile(
    engine: &Engine<'_>,
    settings: &Settings,
    all: &[Ranked],
    made: &[Made],
    digests: &[Digest],
    beside: &Beside,
) -> Result<Compiled, Error> {
    let mut compiled = Compiled::default();
    let mut reasons: BTreeMap<InsightId, String> = BTreeMap::new();
    let product_name = settings.product.name.as_deref().unwrap_or("the product");
    for Made { ranked, spec, .. } in made {
        if let Err(why) = spec {
            compiled.abstained.push((ranked.insight.label.clone(), why.clone()));
            reasons.insert(ranked.insight.id, why.clone());
        }
    }
    let printed: Vec<Printed<'_>> = made.par_iter().filter_map(|made| printed(product_name, made, beside)).collect();
    prove(&printed)?;
    let updated = printed.iter().map(|printed| &printed.dossier).filter_map(|dossier| {
        let since = dossier.since.filter(|since| !since.differences.is_empty())?;
        Some((dossier.insight.id, dossier.spec.title.clone(), since.clone()))
    });
    compiled.updates = updated.collect();
    let found: Vec<Vec<throughline_specify::lint::Finding>> = engine.each(
        LINT,
        &printed,
        |Printed { dossier, beside, code, .. }| {
            let mut fold = Fold::default();
            fold.bytes(EDITION.as_bytes()).value(&settings.product).value(dossier.spec).value(code).add(*beside);
            (dossier.insight.id.0, fold.finish())
        },
        |Printed { dossier, code, .. }| rules::of_specification(settings, dossier, *code),
    )?;
    for (Printed { dossier, .. }, found) in printed.iter().zip(found) {
        let insight_id = dossier.insight.id;
        compiled.findings.extend(found.into_iter().map(|finding| Finding { insight_id, finding }));
        let (all, first) = shares(dossier.spec);
        compiled.shares.push(SpecShare { insight_id, title: dossier.spec.title.clone(), all, first });
    }
    if let Some(format) = beside.format {
        compiled.files = laid_out(engine, &printed, format)?;
        compiled.log = engine.log();
        return Ok(compiled);
    }
    compiled.files = files(engine, &printed)?;
    if beside.with_release {
        compiled.files.extend(printed.iter().filter_map(released));
    }
    let insights: Vec<Insight> = all.iter().map(|ranked| ranked.insight.clone()).collect();
    let scores: Vec<Score> = all.iter().map(|ranked| ranked.score.clone()).collect();
    let plan = Plan { places: all.iter().map(|ranked| ranked.place.clone()).collect(), ..Plan::default() };
    let listing = Listing { product_name, insights: &insights, scores: &scores, plan: &plan };
    let mut entries: BTreeMap<InsightId, Entry> = printed
        .iter()
        .map(|Printed { dossier, folder, .. }| {
            (dossier.insight.id, Entry { title: dossier.spec.title.clone(), folder: folder.clone() })
        })
        .collect();
    for (id, title, folder) in &beside.entries {
        entries.entry(*id).or_insert_with(|| Entry { title: title.clone(), folder: folder.clone() });
    }
    let mut fold = Fold::default();
    fold.bytes(EDITION.as_bytes()).value(product_name).value(&insights).value(&scores).value(&plan).value(&reasons);
    fold.value(&entries.iter().map(|(id, entry)| (id, &entry.title, &entry.folder)).collect::<Vec<_>>());
    let page = || index(&listing, &entries, &reasons);
    compiled.files.push(engine.whole(RENDER_INDEX, insights.len(), fold.finish(), page)?);
    compiled.files.extend(digests.iter().filter(|digest| !digest.items.is_empty()).map(digest_file));
    compiled.files.sort_by(|a, b| a.path.cmp(&b.path));
    compiled.log = engine.log();
    Ok(compiled)
}

/// Adds what is said of the whole workspace: its personas, and what its strategy takes for granted.
pub(crate) fn add_workspace(
    compiled: &mut Compiled,
    settings: &Settings,
    corpus: &Corpus,
    all: &[Ranked],
    made: &[Made],
) {
    let cast = cast_of(settings, corpus, all);
    let ranked: Vec<(&str, &Score)> = all.iter().map(|r| (r.insight.label.as_str(), &r.score)).collect();
    let accounts: Vec<_> = corpus.accounts.values().cloned().collect();
    let seen = Seen { as_of: corpus.as_of, accounts: &accounts, ranked: &ranked };
    compiled.workspace = rules::of_workspace(settings, &seen, &cast, corpus);
    let product_name = settings.product.name.as_deref().unwrap_or("the product");
    compiled.files.push(throughline_backends::persona::file(product_name, &cast));
    if !settings.strategy.objectives.is_empty() {
        let assumed = forward::assumed(settings);
        let specs: BTreeMap<InsightId, &Spec> =
            made.iter().filter_map(|made| Some((made.ranked.insight.id, &made.spec.as_ref().ok()?.0))).collect();
        compiled.lines = forward::settled(&assumed, all, &specs, corpus, &cast);
        compiled.files.push(forward::document(product_name, &assumed, &compiled.lines));
        if all.is_empty() {
            compiled.files.extend(forward::folders(product_name, &assumed, corpus));
        }
    }
    compiled.files.sort_by(|a, b| a.path.cmp(&b.path));
}

/// The personas of a workspace.
pub(crate) fn cast_of(settings: &Settings, corpus: &Corpus, all: &[Ranked]) -> Cast {
    let asked: Vec<_> = all.iter().map(|ranked| (&ranked.insight, ranked.needs.as_slice())).collect();
    throughline_specify::persona::cast(corpus, &asked, &settings.strategy)
}

/// What is printed of a specification; none where there is none.
pub(crate) fn printed<'a>(product_name: &'a str, made: &'a Made, known: &Beside) -> Option<Printed<'a>> {
    let Made { ranked, spec, slice, since, code } = made;
    let (spec, sentences) = spec.as_ref().ok()?;
    let dossier = Dossier {
        product_name,
        insight: &ranked.insight,
        spec,
        score: Some(&ranked.score),
        place: Some(&ranked.place),
        corpus: slice,
        sentences: Some(sentences),
        since: since.as_ref(),
        generated_from: None,
    };
    let mut fold = Fold::default();
    fold.value(product_name).value(&ranked.insight).value(&ranked.score).value(&ranked.place);
    fold.add(slices::fingerprint(slice));
    let folder = known.folders.get(&spec.insight_id).cloned().unwrap_or_else(|| folder_of(spec));
    Some(Printed { dossier, beside: fold.finish(), folder, code: code.as_ref() })
}

/// Checks that every quote is what stands in its record.
pub(crate) fn prove(printed: &[Printed<'_>]) -> Result<(), Error> {
    let quotes = printed.iter().flat_map(|Printed { dossier, .. }| {
        let quotes = dossier.spec.quotes.iter().chain(&dossier.spec.dissent);
        quotes.map(|quote| (quote, dossier.corpus))
    });
    let wrong: Vec<_> = quotes.filter(|(quote, corpus)| !corpus.check_quote(quote)).collect();
    match wrong.first() {
        None => Ok(()),
        Some((first, _)) => Err(Error::Proof { n_wrong: wrong.len(), first: format!("“{}”", first.text) }),
    }
}

/// The files of each specification, part by part: a part is handed the sentences it prints, and printed again when one of
/// them changed.
pub(crate) fn files(engine: &Engine<'_>, printed: &[Printed<'_>]) -> Result<Vec<Artifact>, Error> {
    let mut out = Vec::new();
    for part in PARTS {
        let items: Vec<_> = printed
            .par_iter()
            .map(|printed| {
                let Printed { dossier, beside, folder, .. } = printed;
                let (spec, sentences, since) = part.of(dossier);
                let mut fold = Fold::default();
                fold.bytes(EDITION.as_bytes()).bytes(part.name.as_bytes()).value(&spec).value(&sentences);
                fold.value(&since).add(*beside).bytes(folder.as_bytes());
                (printed, spec, sentences, since, fold.finish())
            })
            .collect();
        let files: Vec<Vec<Artifact>> = engine.each(
            render_step(part.name),
            &items,
            |(printed, .., input)| (printed.dossier.insight.id.0, *input),
            |(Printed { dossier, folder, .. }, spec, sentences, since, input)| {
                let mark = hex8(*input);
                let (sentences, since) = (sentences.as_ref(), since.as_ref());
                let dossier = Dossier { spec, sentences, since, generated_from: Some(&mark), ..*dossier };
                part.print(&dossier, folder)
            },
        )?;
        out.extend(files.into_iter().flatten());
    }
    Ok(out)
}

/// The press release as a file; none for a fix.
pub(crate) fn released(printed: &Printed<'_>) -> Option<Artifact> {
    let mark = hex8(printed.beside);
    release(&Dossier { generated_from: Some(&mark), ..printed.dossier }, &printed.folder).into_iter().next()
}

/// Enough of a fingerprint to tell editions of one file apart.
pub(crate) fn hex8(of: Fingerprint) -> String {
    of.0[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files of each specification in the layout of another tool.
fn laid_out(engine: &Engine<'_>, printed: &[Printed<'_>], format: Format) -> Result<Vec<Artifact>, Error> {
    let files: Vec<Vec<Artifact>> = engine.each(
        render_step("format"),
        printed,
        |Printed { dossier, beside, folder, .. }| {
            let mut fold = Fold::default();
            fold.bytes(EDITION.as_bytes()).bytes(format!("{format:?}").as_bytes());
            fold.value(dossier.spec).value(&dossier.sentences).add(*beside).bytes(folder.as_bytes());
            (dossier.insight.id.0, fold.finish())
        },
        |Printed { dossier, folder, .. }| {
            format.print(dossier, folder.rsplit('/').next().filter(|_| folder != &folder_of(dossier.spec)))
        },
    )?;
    let mut files: Vec<Artifact> = files.into_iter().flatten().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// What a department is told, as Markdown.
fn digest_file(digest: &Digest) -> Artifact {
    let mut text = format!("# For {}\n\nInsights that touch what concerns you, in rank order.\n\n", digest.department);
    for item in &digest.items {
        let _ = writeln!(text, "- **{}** ({}): {}", item.label, item.insight_id, item.because);
    }
    Artifact { path: format!("digests/{}.md", slug::words(&digest.department)), bytes: text.into_bytes() }
}
