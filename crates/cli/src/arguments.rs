//! The command line as typed data: one definition gives parsing, help texts and completions.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What stands below the list of commands.
const FIRST_STEPS: &str = "\
Start with `throughline demo`, or on your own files:

  throughline init
  throughline import exports/
  throughline run
  throughline insights
  throughline compile --out specs";

/// From a customer's words to the code that answers them, and back.
///
/// Throughline reads feedback from wherever it lies (tickets, calls, interviews, chats, reviews, surveys, trackers,
/// analytics), finds what is said, says it once, ranks it by 77 checks that explain themselves, and compiles what you
/// choose into specifications and a clickable prototype. Every sentence traces to the words it rests on. It needs no
/// network and no model, and the same input gives the same bytes.
#[derive(Debug, Parser)]
#[command(name = "throughline", version, max_term_width = 110, after_long_help = FIRST_STEPS)]
pub(crate) struct Arguments {
    /// Folder of the workspace.
    #[arg(short = 'C', long = "directory", value_name = "DIR", default_value = ".", global = true)]
    pub(crate) directory: PathBuf,

    /// Threads to use; 0 means one for each core. Results do not depend on it.
    #[arg(long, value_name = "N", default_value_t = 0, global = true)]
    pub(crate) threads: usize,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import the bundled example product, run everything, and write its artefacts
    Demo(Demo),
    /// Make a workspace: writes a commented throughline.toml
    Init(Init),
    /// Read exports into the workspace
    Import(Import),
    /// Run the eleven stages; what has not changed is not computed again
    Run(Run),
    /// List the insights in rank order
    Insights(Insights),
    /// Show one insight with the words it rests on
    Show(One),
    /// Explain one insight's score, check by check
    Explain(Explain),
    /// Show now, next and later; ask what other weights, capacity or accounts would change
    Plan(Plan),
    /// Record a decision on an insight with what it rests on
    Decide(Decide),
    /// List decisions and say which are open again, and why
    Decisions(Json),
    /// Record that an insight was shipped, or that it was not after all
    Outcome(Outcome),
    /// List what was shipped, what followed, and how well each check foretold it
    Outcomes(Json),
    /// Say which segments, personas and life stages nobody speaks for, and how far each claim is supported
    BlindSpots(Json),
    /// Write specifications, prototypes and an index page
    Compile(Compile),
    /// Write a table as CSV or JSON to standard output
    Export(Export),
    /// List what is taken for one (voices, people, companies) and say where that is right or wrong
    Links(Links),
    /// Give an insight a name, which it keeps
    Rename(Rename),
    /// Move statements to an insight, or out of all
    Move(Move),
    /// Keep two statements or two insights together, or apart
    Pin(Pin),
    /// List what people said about the model: names, moves, pins, links
    Judgements(Json),
    /// Take a judgement or an edit back
    Undo(Undo),
    /// List the sentences of a specification with their ids
    Sentences(One),
    /// Change a sentence of a specification; it holds through every later run
    Edit(Edit),
    /// Say how far a sentence, story, criterion or specification is
    Status(Status),
    /// List edits, and settle those whose sentence changed underneath
    Edits(Edits),
    /// Accept specifications as they stand: keeps a numbered revision of them and of the plan
    Accept(Accept),
    /// List revisions, say how they differ, and return to one
    Revisions(Revisions),
    /// Remove a source, a record or a person and everything derived from it
    Forget(Forget),
    /// Hold the declared strategy to its rules, by itself and beside what the last run found
    Check(Check),
    /// Say what is missing and what each missing thing would make known
    Doctor(Json),
    /// Read one text per line and print what each asks for
    Understand(Understand),
    /// Say which insight a new text belongs to until the next run
    Nearest(Nearest),
    /// Show the workspace in a browser, on this machine alone
    Serve(Serve),
    /// Print a completion script for a shell
    Completions(Completions),
}

/// Import the bundled example product, run everything, and write its artefacts.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where to leave the workspace and the artefacts.
    #[arg(long, value_name = "DIR", default_value = "throughline-demo")]
    pub(crate) out: PathBuf,
    /// Print one JSON object to standard output instead of the table.
    #[arg(long)]
    pub(crate) json: bool,
    /// Then show it in a browser, as `serve` does.
    #[arg(long, conflicts_with = "json")]
    pub(crate) serve: bool,
    #[command(flatten)]
    pub(crate) address: Address,
}

/// Show the workspace in a browser: drop files, run, read insights, plans and specifications.
///
/// A folder without a workspace becomes one. Nobody is asked who they are, so only addresses of this machine are taken.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) address: Address,
}

/// Where to listen.
#[derive(Debug, Args)]
pub(crate) struct Address {
    /// Address and port of this machine; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7077")]
    pub(crate) listen: std::net::SocketAddr,
}

/// Make a workspace.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Folder; made if need be.
    pub(crate) dir: Option<PathBuf>,
}

/// Read exports into the workspace.
///
/// The format is told from the content, not from the file's name. Formats: ticket exports (Zendesk, Intercom, Help
/// Scout, Chatwoot, CSV, mbox), calls and interviews (WebVTT, SRT, Gong, "Name: text"), Slack export archives, trackers
/// (GitHub, Jira), reviews (App Store, Google Play), surveys and NPS, portals (Canny, Fider, Quackback, Productboard),
/// events (Segment, PostHog) and customer lists. Importing a file twice changes nothing; a newer export of the same
/// source updates records in place. A line `ack N` on standard error means that N items of this import are safe on disk.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files and folders.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Take a CSV column for a field, for instance `--map text=Body`.
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = pair)]
    pub(crate) column_map: Vec<(String, String)>,
    /// Name of the source; exports under one name replace each other.
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Kind of source, where the content does not tell: support, call, interview, chat, review, survey, community,
    /// sales, tracker, analytics.
    #[arg(long, value_name = "KIND", value_parser = source_kind)]
    pub(crate) kind: Option<throughline_model::SourceKind>,
    #[command(flatten)]
    pub(crate) judged: Judged,
}

/// Run the eleven stages.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Forget what insights were called before: their ids and names come from the present records alone.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Score as of this day instead of the day of the newest record.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) as_of: Option<throughline_model::Timestamp>,
    /// Group statements by the vectors of a sentence encoder, such as all-MiniLM-L6-v2, from its folder: better groups
    /// for about 6 ms of a core a statement, once.
    #[arg(long, value_name = "PATH")]
    pub(crate) encoder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judged: Judged,
}

/// Output and exit code of commands that report problems in the input.
#[derive(Debug, Args)]
pub(crate) struct Judged {
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
    /// Exit with 1 when there were problems in the input.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Explain one insight's score, check by check.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Id of the insight, or its rank.
    #[arg(required_unless_present = "why_not")]
    pub(crate) id: Option<String>,
    /// Show one check alone, with everything it cites, for instance `--check BI-10`.
    #[arg(long, value_name = "CHECK")]
    pub(crate) check: Option<String>,
    /// Say why A ranks above B, check by check.
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["id", "at", "check"])]
    pub(crate) why_not: Option<Vec<String>>,
    /// Score as of this day or instant, from what had been said by then.
    #[arg(long, value_name = "DATE", value_parser = instant)]
    pub(crate) at: Option<throughline_model::Timestamp>,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// List the insights in rank order.
#[derive(Debug, Args)]
pub(crate) struct Insights {
    /// How many; 0 means all.
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub(crate) top: usize,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// One insight.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// Id of the insight, or its rank.
    pub(crate) id: String,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Output of commands without other settings.
#[derive(Debug, Args)]
pub(crate) struct Json {
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show now, next and later.
///
/// With --weight, --capacity or --without the order as it would be stands beside the order as it is; nothing is changed.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// How many insights; 0 means all.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) top: usize,
    /// Weigh a group (business_impact, technical_effort, strategic_alignment) or a check, for instance
    /// `--weight SA-14=3`; may be repeated.
    #[arg(long = "weight", value_name = "GROUP=W|CHECK=W", value_parser = weight)]
    pub(crate) weights: Vec<(String, f64)>,
    /// People-days free in each period.
    #[arg(long, value_name = "N", value_parser = people_days)]
    pub(crate) capacity: Option<f64>,
    /// Leave out what an account said: its name or id.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) without: Option<String>,
    /// Look at it through a planner's method instead.
    #[arg(long, value_enum, conflicts_with_all = ["weights", "capacity", "without"])]
    pub(crate) view: Option<View>,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A planner's method.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum View {
    /// Expected, performance, delight.
    Kano,
    /// Must, should, could, won't.
    Moscow,
    /// Reach, impact, confidence, effort.
    Rice,
    /// Weighted shortest job first.
    Wsjf,
}

/// What is decided.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Ruling {
    /// It will be done, before what nobody decided on; overrides a non-goal.
    Accept,
    /// It will not be done.
    Reject,
    /// Not before later.
    Defer,
}

/// Record a decision on an insight.
///
/// It is kept with its neighbours in rank and with what it rests on: score and band, statements, parts of the strategy.
/// When one of these changes, a later run opens it again and says which. It counts from the next run.
#[derive(Debug, Args)]
pub(crate) struct Decide {
    /// Id of the insight, or its rank.
    pub(crate) id: String,
    /// What is decided.
    #[arg(value_enum)]
    pub(crate) ruling: Ruling,
    /// Why, for whoever asks later.
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub(crate) why: String,
    /// Who decides.
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub(crate) by: String,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What became of an insight.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Fate {
    /// It reached customers.
    Shipped,
    /// It did not, or was taken back; earlier records of it no longer count.
    Withdrawn,
}

/// Record what became of an insight.
///
/// It is kept with the inputs. `outcomes` holds it against what was said before and after that day. A later record on the
/// same insight takes its place, and goes before what the roadmap and deployments tell.
#[derive(Debug, Args)]
pub(crate) struct Outcome {
    /// Id of the insight, or its rank.
    pub(crate) id: String,
    /// What became of it.
    #[arg(value_enum)]
    pub(crate) fate: Fate,
    /// The day on which it reached customers, or was taken back.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: throughline_model::Timestamp,
    /// Why, or what it was.
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub(crate) why: Option<String>,
    /// Who says so.
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub(crate) by: Option<String>,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Hold the declared strategy to its rules.
///
/// Exits with 1 when something cannot be used as it stands (an error); warnings alone exit with 0.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Print one JSON object to standard output.
    #[arg(long, conflicts_with = "sarif")]
    pub(crate) json: bool,
    /// Print SARIF 2.1.0 to standard output, as code hosts and editors read it.
    #[arg(long)]
    pub(crate) sarif: bool,
}

/// Write specifications, prototypes and an index page.
#[derive(Debug, Args)]
pub(crate) struct Compile {
    /// Ids or ranks of insights; without any, the twelve that rank first.
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Folder to write to.
    #[arg(long, value_name = "DIR", default_value = "specs")]
    pub(crate) out: PathBuf,
    /// Write the layout of another tool instead, below DIR as the root of a repository.
    #[arg(long, value_enum)]
    pub(crate) format: Option<Layout>,
    /// Write a press release from the future with its questions for each change that is no fix.
    #[arg(long, conflicts_with = "format")]
    pub(crate) prfaq: bool,
    /// Who changed the Markdown in DIR, for edits that are taken from there.
    #[arg(long, value_name = "NAME", value_parser = said, default_value = "somebody")]
    pub(crate) by: String,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Layouts of other tools.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Layout {
    /// `specs/NNN-name/{spec,plan,data-model,tasks}.md`.
    Speckit,
    /// `openspec/changes/name/{proposal,design,tasks}.md` and requirements.
    Openspec,
    /// `.kiro/specs/name/{requirements,design,tasks}.md`.
    Kiro,
}

/// What can be exported.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Table {
    /// Records with their canonical text.
    Records,
    /// Statements with their byte ranges.
    Signals,
    /// Needs read from insights.
    Needs,
    /// Duplicate candidates.
    Pairs,
    /// Insights in rank order.
    Insights,
    /// All checks of all insights.
    Scores,
}

/// How it is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated, with a header.
    Csv,
    /// One object.
    Json,
}

/// Write a table as CSV or JSON to standard output.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Which table.
    #[arg(value_enum)]
    pub(crate) table: Table,
    /// How.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub(crate) format: Format,
    /// The same as `--format json`.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Remove a source, a record or a person and everything derived from it.
#[derive(Debug, Args)]
pub(crate) struct Forget {
    /// Name of a source, id of a record (or the id its source gave it), id, e-mail address or name of a person.
    pub(crate) what: String,
    /// Say what would be removed, and remove nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// List what is taken for one, and say where that is right or wrong.
///
/// Statements that share a voice, records that are alike, people and companies known under several names or addresses:
/// each such join is a link with an id and a reason. What you say of a link takes effect with the next run and is kept.
#[derive(Debug, Args)]
pub(crate) struct Links {
    #[command(subcommand)]
    pub(crate) act: LinkAct,
}

/// What to do with links.
#[derive(Debug, Subcommand)]
pub(crate) enum LinkAct {
    /// List links with their reasons
    List(LinkList),
    /// The two are one
    Accept(OneLink),
    /// The two are two
    Reject(OneLink),
    /// Take back what was said last of a link
    Undo(OneLink),
}

/// List links with their reasons.
#[derive(Debug, Args)]
pub(crate) struct LinkList {
    /// Those that are open: worth asking, not decided.
    #[arg(long)]
    pub(crate) ask: bool,
    /// How many; 0 means all. JSON always has all.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) top: usize,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// One link.
#[derive(Debug, Args)]
pub(crate) struct OneLink {
    /// Id of the link.
    pub(crate) link: String,
    #[command(flatten)]
    pub(crate) said: SaidBy,
}

/// Who says it.
#[derive(Debug, Args)]
pub(crate) struct SaidBy {
    /// Who says it.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Give an insight a name, which it keeps.
#[derive(Debug, Args)]
pub(crate) struct Rename {
    /// Id of the insight, or its rank.
    pub(crate) insight: String,
    /// Its name.
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) label: String,
    #[command(flatten)]
    pub(crate) said: SaidBy,
}

/// Move statements to an insight, or out of all.
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// Ids of statements, as `show` prints them.
    #[arg(required = true, value_name = "SIGNAL")]
    pub(crate) signals: Vec<String>,
    /// Id of the insight, or its rank; `none` for no insight at all.
    #[arg(long, value_name = "INSIGHT|none")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) said: SaidBy,
}

/// Keep two statements or two insights together, or apart.
///
/// Together: the second goes where the first is; of two insights they become one. Apart: the second statement leaves the
/// insight of the first; two insights stay two where clustering would make them one.
#[derive(Debug, Args)]
pub(crate) struct Pin {
    /// Id of a statement, or id or rank of an insight.
    pub(crate) first: String,
    /// Another of the same kind.
    pub(crate) second: String,
    /// Keep them together.
    #[arg(long, required_unless_present = "apart", conflicts_with = "apart")]
    pub(crate) together: bool,
    /// Keep them apart.
    #[arg(long)]
    pub(crate) apart: bool,
    #[command(flatten)]
    pub(crate) said: SaidBy,
}

/// Change a sentence of a specification.
///
/// Your words are kept with the words they replace. They hold through every later run and compile, shown as decided by
/// you. Where the words underneath change, both are shown as a conflict until somebody settles it.
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Id of the sentence, as `sentences` prints it.
    pub(crate) item: String,
    /// How it reads.
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub(crate) text: String,
    /// Why, for whoever asks later.
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub(crate) why: Option<String>,
    /// Who says so.
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub(crate) by: String,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Say how far an item is.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Id of a sentence, story or criterion; id or rank of an insight for its specification as a whole.
    pub(crate) item: String,
    /// How far: draft, agreed, done, dropped.
    #[arg(value_name = "STATUS", value_parser = status)]
    pub(crate) is: throughline_model::Status,
    /// Why, for whoever asks later.
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub(crate) why: Option<String>,
    /// Who says so.
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub(crate) by: String,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// List edits, and settle those whose sentence changed underneath.
#[derive(Debug, Args)]
pub(crate) struct Edits {
    #[command(subcommand)]
    pub(crate) act: EditsAct,
}

/// What to do with edits.
#[derive(Debug, Subcommand)]
pub(crate) enum EditsAct {
    /// List edits with what became of each
    List(Json),
    /// Show one edit
    Show(OneEdit),
    /// Settle a conflict: the edit holds over what is compiled now
    Accept(OneSaidEdit),
    /// Settle a conflict: the edit is taken back
    Reject(OneSaidEdit),
}

/// Accept specifications as they stand.
///
/// Keeps a numbered revision of them, edits included, and of the plan, with the bytes of all files. Later compiles are
/// updates against it: they say what reads otherwise, and why. What was accepted before and is not named stays as it was
/// accepted. `decide ID accept` does the same for one insight.
#[derive(Debug, Args)]
pub(crate) struct Accept {
    /// Ids or ranks of insights; without any, all that `compile` specifies.
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Why, for whoever asks later.
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub(crate) why: String,
    /// Who accepts.
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub(crate) by: String,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// List revisions, say how they differ, and return to one.
#[derive(Debug, Args)]
pub(crate) struct Revisions {
    #[command(subcommand)]
    pub(crate) act: Option<RevisionsAct>,
    /// Print one JSON object to standard output.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What to do with revisions.
#[derive(Debug, Subcommand)]
pub(crate) enum RevisionsAct {
    /// Say how two revisions differ, line by line
    Diff(RevisionDiff),
    /// Write the files of a revision, byte for byte, and hold later compiles against it
    Return(RevisionReturn),
}

/// Two revisions.
#[derive(Debug, Args)]
pub(crate) struct RevisionDiff {
    /// Number of a revision.
    pub(crate) from: u32,
    /// Number of another; without it, what would be compiled now.
    pub(crate) to: Option<u32>,
}

/// One revision, and where its files go.
#[derive(Debug, Args)]
pub(crate) struct RevisionReturn {
    /// Number of the revision.
    pub(crate) number: u32,
    /// Folder to write to.
    #[arg(long, value_name = "DIR", default_value = "specs")]
    pub(crate) out: PathBuf,
}

/// One edit.
#[derive(Debug, Args)]
pub(crate) struct OneEdit {
    /// Id of the edit.
    pub(crate) edit: String,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// One edit, and who speaks of it.
#[derive(Debug, Args)]
pub(crate) struct OneSaidEdit {
    /// Id of the edit.
    pub(crate) edit: String,
    /// Who says so.
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub(crate) by: String,
    /// Print one JSON object to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Take a judgement or an edit back.
#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// Id of the judgement or edit, as `judgements` and `edits list` print it.
    pub(crate) judgement: String,
    #[command(flatten)]
    pub(crate) said: SaidBy,
}

/// Read one text per line and print what each asks for.
///
/// In: one JSON object a line, `{"id", "text"}`. Out: one a line in the same order,
/// `{"id", "kind", "needs": [{"frame", "alternatives", "confidence", "object", "actor", "reason", "situation", "span"}]}`.
#[derive(Debug, Args)]
pub(crate) struct Understand {
    /// Only jsonl for now.
    #[arg(long, default_value = "jsonl", value_parser = ["jsonl"])]
    pub(crate) format: String,
    /// Accepted for uniformity: the output is JSON lines in any case.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Say which insight a new text belongs to until the next run.
///
/// Compares the text with one vector for each insight of the last run; the next run decides. Without a text it is a
/// filter: one JSON object per line in, `{"id", "text"}`; one per line out, in the same order:
/// `{"id", "insight_id", "label", "likeness", "margin", "decision"}`, where decision is joins, ask or new.
#[derive(Debug, Args)]
pub(crate) struct Nearest {
    /// The text.
    pub(crate) text: Vec<String>,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Print a completion script for a shell.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Which shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

fn pair(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(field, column)| (field.trim().to_owned(), column.trim().to_owned()))
        .ok_or_else(|| format!("'{text}' is not FIELD=COLUMN"))
}

fn weight(text: &str) -> Result<(String, f64), String> {
    let (id, weight) = pair(text)?;
    let weight: f64 = weight.parse().map_err(|_| format!("'{weight}' is not a number"))?;
    if weight.is_finite() && weight >= 0.0 { Ok((id, weight)) } else { Err("a weight is 0 or more".to_owned()) }
}

fn people_days(text: &str) -> Result<f64, String> {
    let days: f64 = text.parse().map_err(|_| format!("'{text}' is not a number of people-days"))?;
    if days.is_finite() && days > 0.0 { Ok(days) } else { Err("capacity is more than 0 people-days".to_owned()) }
}

fn said(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("say it in words".to_owned()) } else { Ok(text.trim().to_owned()) }
}

fn status(text: &str) -> Result<throughline_model::Status, String> {
    throughline_model::Status::from_word(text)
        .ok_or_else(|| format!("'{text}' is no status: draft, agreed, done or dropped"))
}

fn instant(text: &str) -> Result<throughline_model::Timestamp, String> {
    throughline_model::Timestamp::parse_iso(text).ok_or_else(|| {
        format!("'{text}' is neither a day such as 2026-09-30 nor an instant such as 2026-09-30T12:00:00Z")
    })
}

fn day(text: &str) -> Result<throughline_model::Timestamp, String> {
    throughline_model::Timestamp::parse_iso(text).ok_or_else(|| format!("'{text}' is not a day such as 2026-09-30"))
}

fn source_kind(text: &str) -> Result<throughline_model::SourceKind, String> {
    throughline_model::SourceKind::from_word(text).ok_or_else(|| format!("'{text}' is not a kind of source"))
}
