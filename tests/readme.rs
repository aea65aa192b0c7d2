//! The README held against the program: its commands parse or run, its tables say what the code does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use livegoods::exit::Exit;
use livegoods::sheet::{Field, ReadOptions};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_livegoods");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("the README")
}

/// A fenced block: what stands behind its fence, and its lines without the fence's own indent.
struct Block {
    info: String,
    text: String,
}

fn blocks(readme: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        let indent = line.len() - line.trim_start().len();
        if let Some(info) = line.trim_start().strip_prefix("```") {
            let body = lines.by_ref().take_while(|line| line.trim() != "```");
            let text = body.map(|line| format!("{}\n", line.get(indent..).unwrap_or_default())).collect();
            blocks.push(Block { info: info.to_owned(), text });
        }
    }
    blocks
}

fn shell_blocks() -> Vec<Block> {
    blocks(&readme()).into_iter().filter(|block| block.info.split(' ').next() == Some("sh")).collect()
}

/// The words of a line as a shell would split it, up to where the command ends.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for letter in line.chars() {
        match (letter, quote) {
            ('\'' | '"', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (end, Some(begin)) if end == begin => quote = None,
            ('|' | '>' | '&' | ';' | '#', None) => break,
            (' ', None) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    // A descriptor such as the 2 of `2>` stood before the sign that ended the command.
    if line.contains("2>") {
        words.retain(|word| word != "2")
    }
    words
}

/// The command lines of this program in a block, each as words with the program's name first.
fn command_lines(block: &Block) -> Vec<Vec<String>> {
    let of_line = |line: &str| {
        let mut words = words(line.trim());
        if words.first().is_some_and(|word| word == "cargo") {
            let at = words.iter().position(|word| word == "--")?;
            words.drain(..at);
            words[0] = "livegoods".to_owned();
        }
        words.first().is_some_and(|word| word == "livegoods").then_some(words)
    };
    block.text.lines().filter_map(of_line).collect()
}

/// The rows of the table whose heading row is `head`, as cells.
fn table(head: &str) -> Vec<Vec<String>> {
    let readme = readme();
    let rows = readme.lines().skip_while(|line| line.trim() != head).skip(2);
    let rows = rows.take_while(|line| line.trim().starts_with('|'));
    let cells = |line: &str| {
        line.trim().trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = rows.map(cells).collect();
    assert!(!rows.is_empty(), "no table {head}");
    rows
}

/// An empty folder with the samples in it, and a shell that finds the program and has no settings.
fn shell(work: &TempDir, text: &str) -> Command {
    let samples = work.path().join("samples");
    fs::create_dir(&samples).expect("a folder");
    for entry in fs::read_dir(root().join("samples")).expect("the samples") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), samples.join(entry.file_name())).expect("a sample");
    }
    let bin = Path::new(BINARY).parent().expect("a folder").to_str().expect("a plain path");
    let mut command = Command::new("sh");
    command.env_clear().env("HOME", work.path()).env("PATH", format!("{bin}:/usr/bin:/bin"));
    command.current_dir(work.path()).args(["-e", "-c", text]);
    command
}

/// The commands that stand in running text; one with a word in capitals is a pattern and no command.
fn commands_in_text(readme: &str) -> Vec<Vec<String>> {
    let outside = readme.split("```").step_by(2);
    let spans = outside.flat_map(|text| text.split('`').skip(1).step_by(2));
    let commands = spans.filter(|span| {
        span.starts_with("livegoods ") && !span.contains("COMMAND") && !span.contains("RESULTS")
    });
    commands.map(words).collect()
}

#[test]
fn every_command_line_in_it_parses() {
    let mut lines: Vec<Vec<String>> = shell_blocks().iter().flat_map(command_lines).collect();
    lines.extend(commands_in_text(&readme()));
    assert!(lines.len() > 20, "{lines:?}");
    for words in lines {
        let parsed = livegoods::cli::command().try_get_matches_from(&words);
        let told = parsed.err().filter(clap::Error::use_stderr);
        assert!(told.is_none(), "{words:?}: {}", told.expect("an error"));
    }
}

#[test]
fn blocks_that_say_run_do_and_end_as_they_say() {
    let mut ran = 0;
    for block in shell_blocks() {
        let Some(exit) = block.info.strip_prefix("sh run") else { continue };
        let exit = exit.trim().parse().unwrap_or(0);
        let work = TempDir::new().expect("a directory");
        shell(&work, &block.text).assert().code(exit);
        ran += 1;
    }
    assert!(ran >= 3, "{ran}");
}

/// What `cargo run --release --` stands for here: the binary that is already built.
fn main_job(block: &Block) -> String {
    block.text.replace("cargo run --release --", "livegoods")
}

#[test]
fn the_main_job_ends_as_shown() {
    let blocks = blocks(&readme());
    let at = blocks.iter().position(|block| block.text.contains("--sandbox")).expect("the main job");
    let work = TempDir::new().expect("a directory");
    let assert = shell(&work, &main_job(&blocks[at])).assert().success();
    let told = String::from_utf8(assert.get_output().stdout.clone()).expect("text");
    // How long it took, and what an ellipsis stands for, are left open.
    let shown = blocks[at + 1].text.lines().filter(|line| !line.starts_with("took "));
    for line in shown {
        let line = line.trim_end_matches('…');
        assert!(told.contains(line), "not told any more: {line}\n{told}");
    }
}

#[test]
fn mistakes_are_told_in_the_words_shown() {
    let blocks = blocks(&readme());
    let at = blocks.iter().position(|block| block.text.contains("broken.xlsx")).expect("the check");
    let work = TempDir::new().expect("a directory");
    let assert = shell(&work, &main_job(&blocks[at])).assert().code(1);
    let told = String::from_utf8(assert.get_output().stdout.clone()).expect("text");
    let shown = blocks[at + 1].text.replace("\n  ", " ");
    for line in shown.lines() {
        let line = line.trim_end_matches('…').trim_end();
        assert!(told.contains(line), "not told any more: {line}\n{told}");
    }
}

#[test]
fn every_heading_it_names_is_read_as_its_field() {
    let work = TempDir::new().expect("a directory");
    let path = work.path().join("sheet.csv");
    let rows = table("| field | headings |");
    let named: Vec<String> = rows.iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    for field in Field::ALL {
        assert!(named.iter().any(|name| name == field.name()), "{} is not told of", field.name());
    }
    for (row, name) in rows.iter().zip(&named) {
        let field = Field::ALL.into_iter().find(|field| field.name() == name).expect("a field");
        for heading in row[1].split(", ") {
            // A heading row holds a name and a price at least.
            let base = [(Field::Name, "name"), (Field::Price, "price")];
            let others = base.into_iter().filter(|(other, _)| *other != field).map(|(_, heading)| heading);
            let headings: Vec<&str> = std::iter::once(heading).chain(others).collect();
            fs::write(&path, format!("{}\n", headings.join(","))).expect("a sheet");
            let sheet = livegoods::sheet::open(&path, &ReadOptions::default()).expect("a heading row");
            assert_eq!(sheet.columns().of(field), Some(0), "{heading}");
        }
    }
}

/// Every ending. A new one does not compile here until it is added.
fn endings() -> BTreeSet<u8> {
    use Exit::{
        BadInput, CannotWrite, ComeBackLater, Configuration, Done, Interrupted, NoInput, Refused, SomeFailed,
        SomeInDoubt, Terminated, TooManyErrors, Unreachable, Usage,
    };
    let all = [
        Done,
        SomeFailed,
        Usage,
        TooManyErrors,
        SomeInDoubt,
        BadInput,
        NoInput,
        Unreachable,
        CannotWrite,
        ComeBackLater,
        Refused,
        Configuration,
        Interrupted,
        Terminated,
    ];
    let known = |exit: Exit| match exit {
        Done | SomeFailed | Usage | TooManyErrors | SomeInDoubt | BadInput | NoInput | Unreachable
        | CannotWrite | ComeBackLater | Refused | Configuration | Interrupted | Terminated => exit.code(),
    };
    all.into_iter().map(known).collect()
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    let told: Vec<u8> =
        table("| code | when |").iter().map(|row| row[0].parse().expect("a number")).collect();
    assert_eq!(told.len(), endings().len(), "each once");
    assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), endings());
}

#[test]
fn every_verb_is_told_of_and_no_other() {
    let rows = table("| command | does |");
    let first = |cell: &str| cell.trim_matches('`').split([' ', '`']).next().unwrap_or_default().to_owned();
    let told: BTreeSet<String> =
        rows.iter().flat_map(|row| row[0].split(", ").map(first).collect::<Vec<_>>()).collect();
    let command = livegoods::cli::command();
    let there: BTreeSet<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    assert_eq!(told, there);
}

#[test]
fn every_errcode_it_explains_is_one_the_program_knows() {
    for row in table("| you see | it means | do |") {
        for code in row[0].split(", ") {
            let code = code.parse().expect("an errcode");
            assert!(livegoods::wechat::look_up(code).is_some(), "{code}");
        }
    }
}

#[test]
fn the_columns_of_results_are_those_of_the_program() {
    let rows = table("| column | says |");
    let told: Vec<String> = rows
        .iter()
        .flat_map(|row| row[0].split(", ").map(|name| name.trim_matches('`').to_owned()))
        .collect();
    let work = TempDir::new().expect("a directory");
    let import =
        "livegoods import samples/english.csv --sandbox -q; head -1 reports/english.sandbox.results.csv";
    let assert = shell(&work, import).assert().success();
    let head = String::from_utf8(assert.get_output().stdout.clone()).expect("text");
    assert!(head.trim_end().ends_with(&told.join(",")), "{head}");
}

#[test]
fn its_settings_file_is_taken() {
    let settings: Vec<Block> = blocks(&readme()).into_iter().filter(|block| block.info == "toml").collect();
    assert!(!settings.is_empty());
    for block in settings {
        let work = TempDir::new().expect("a directory");
        fs::write(work.path().join("livegoods.toml"), &block.text).expect("a file");
        shell(&work, "livegoods import samples/tea.xlsx --sandbox --dry-run").assert().success();
    }
}

#[test]
fn every_file_it_links_to_is_there() {
    let readme = readme();
    for link in readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        match link.strip_prefix('#') {
            Some(anchor) => assert!(has_section(&readme, anchor), "#{anchor}"),
            None => assert!(root().join(link).exists(), "{link}"),
        }
    }
}

fn has_section(readme: &str, anchor: &str) -> bool {
    let sections = readme.lines().filter(|line| line.starts_with('#'));
    let mut anchors =
        sections.map(|line| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-"));
    anchors.any(|section| section == anchor)
}

#[test]
fn its_two_commands_guard_what_lands() {
    let guard = fs::read_to_string(root().join(".ci/run")).expect("a script").replace(" --locked", "");
    for command in ["cargo run --release -- import samples/tea.xlsx --sandbox", "cargo test"] {
        assert!(shell_blocks().iter().any(|block| block.text.trim() == command), "{command}");
        assert!(guard.lines().any(|line| line == format!("step {command}")), "{command}");
    }
}
