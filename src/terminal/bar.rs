//! Events into a bar on a terminal, with a line below it that says what is left and what is waited for.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::tally::Tally;
use super::{Paint, words};
use crate::clock::Clock;
use crate::event::{Event, Listener};

/// How often the countdown and the ETA are drawn anew.
const REDRAW: Duration = Duration::from_millis(250);

/// Draws progress; gone from the screen when dropped.
pub struct Bar {
    shared: Arc<Shared>,
    rows: bool,
    stop: Option<Sender<()>>,
    redraw: Option<JoinHandle<()>>,
}

struct Shared {
    bar: ProgressBar,
    clock: Arc<dyn Clock>,
    tally: Mutex<Tally>,
}

impl Bar {
    /// Draws on stderr; `rows` prints a line for every row above the bar.
    pub fn new(clock: Arc<dyn Clock>, rows: bool, paint: Paint) -> Self {
        Self::on(ProgressDrawTarget::stderr(), clock, rows, paint)
    }

    fn on(target: ProgressDrawTarget, clock: Arc<dyn Clock>, rows: bool, paint: Paint) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), target).with_style(style(paint));
        let tally = Mutex::new(Tally::new(clock.elapsed()));
        let shared = Arc::new(Shared { bar, clock, tally });
        let (stop, stopped) = crossbeam_channel::bounded(0);
        let drawn = Arc::clone(&shared);
        let redraw = std::thread::Builder::new().name("progress".to_owned());
        // Without the thread the bar still moves with every row; only the countdown stands still.
        let redraw = redraw.spawn(move || drawn.redraw_until(&stopped)).ok();
        Self { shared, rows, stop: Some(stop), redraw }
    }
}

/// Blocks that every font and locale has; in 40 columns the bar gives way first.
fn style(paint: Paint) -> ProgressStyle {
    let template = match paint {
        Paint::Colors => "{pos}/{len} {wide_bar:.cyan/blue}\n{wide_msg}",
        Paint::Plain => "{pos}/{len} {wide_bar}\n{wide_msg}",
    };
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("#>-")
}

impl Shared {
    fn redraw_until(&self, stopped: &Receiver<()>) {
        while stopped.recv_timeout(REDRAW) == Err(RecvTimeoutError::Timeout) {
            self.draw();
        }
    }

    fn draw(&self) {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        if tally.todo > 0 {
            self.bar.set_message(status(&tally, self.clock.elapsed(), self.clock.now()));
        }
    }
}

/// The line below the bar, what matters most first: a narrow terminal cuts its end off.
fn status(tally: &Tally, elapsed: Duration, now: Timestamp) -> String {
    let mut parts = Vec::new();
    if let Some((reason, until)) = tally.waiting {
        let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
        parts.push(words::countdown(left, reason));
    }
    parts.extend(tally.eta(elapsed, now).map(words::eta));
    parts.extend(tally.quota_left.map(|left| words::quota_left(tally.bucket(), left)));
    parts.extend(tally.rate(elapsed).map(words::rate));
    if tally.counts.ok < tally.done() {
        parts.push(words::counts(&tally.counts));
    }
    parts.join(" · ")
}

impl Listener for Bar {
    fn hear(&self, event: &Event) {
        let Shared { bar, clock, tally } = &*self.shared;
        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.hear(event, clock.elapsed());
        match event {
            Event::Started { todo, .. } => bar.set_length(*todo),
            Event::Row { row, outcome } => {
                bar.set_position(tally.done());
                if self.rows {
                    bar.println(words::row(*row, *outcome));
                }
            }
            Event::Notice(notice) => bar.println(words::notice(notice)),
            Event::Waiting { .. } | Event::Resumed => {
                bar.set_message(status(&tally, clock.elapsed(), clock.now()));
            }
            Event::QuotaLeft { .. } | Event::QuotaDay { .. } => {}
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(redraw) = self.redraw.take() {
            // A thread that panicked has drawn its last; the run's own end is not touched by it.
            let _ = redraw.join();
        }
        self.shared.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use indicatif::TermLike;

    use super::*;
    use crate::clock::ManualClock;
    use crate::event::{Notice, WaitReason};
    use crate::quota::Bucket;
    use crate::results::{Action, Outcome};

    /// A screen as a person sees it, which wraps a full row when the next letter comes.
    #[derive(Clone, Debug)]
    struct Screen {
        columns: u16,
        state: Arc<Mutex<Cells>>,
    }

    #[derive(Debug, Default)]
    struct Cells {
        rows: Vec<Vec<char>>,
        row: usize,
        column: usize,
    }

    impl Screen {
        fn contents(&self) -> String {
            let cells = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let rows = cells.rows.iter().map(|row| row.iter().collect::<String>().trim_end().to_owned());
            rows.collect::<Vec<_>>().join("\n").trim_end().to_owned()
        }

        fn edit(&self, edit: impl FnOnce(&mut Cells)) -> io::Result<()> {
            edit(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
            Ok(())
        }
    }

    impl Cells {
        fn put(&mut self, letter: char, columns: usize) {
            if letter == '\r' {
                self.column = 0;
                return;
            }
            if self.column == columns {
                (self.row, self.column) = (self.row + 1, 0);
            }
            self.rows.resize(self.rows.len().max(self.row + 1), Vec::new());
            let row = &mut self.rows[self.row];
            row.resize(columns, ' ');
            row[self.column] = letter;
            self.column += 1;
        }
    }

    impl TermLike for Screen {
        fn width(&self) -> u16 {
            self.columns
        }

        fn move_cursor_up(&self, n: usize) -> io::Result<()> {
            self.edit(|cells| cells.row = cells.row.saturating_sub(n))
        }

        fn move_cursor_down(&self, n: usize) -> io::Result<()> {
            self.edit(|cells| cells.row += n)
        }

        fn move_cursor_right(&self, n: usize) -> io::Result<()> {
            self.edit(|cells| cells.column += n)
        }

        fn move_cursor_left(&self, n: usize) -> io::Result<()> {
            self.edit(|cells| cells.column = cells.column.saturating_sub(n))
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)?;
            self.edit(|cells| (cells.row, cells.column) = (cells.row + 1, 0))
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.edit(|cells| text.chars().for_each(|letter| cells.put(letter, self.columns.into())))
        }

        fn clear_line(&self) -> io::Result<()> {
            self.edit(|cells| {
                cells.column = 0;
                if let Some(row) = cells.rows.get_mut(cells.row) {
                    row.clear();
                }
            })
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn screen(columns: u16) -> (Bar, Screen, Arc<ManualClock>) {
        let screen = Screen { columns, state: Arc::default() };
        let clock = Arc::new(ManualClock::at("2026-11-21T15:00:00Z".parse().expect("a timestamp")));
        let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        (Bar::on(target, Arc::clone(&clock) as _, false, Paint::Plain), screen, clock)
    }

    fn waiting_run(bar: &Bar, clock: &ManualClock) {
        bar.hear(&Event::Started { action: Action::Add, rows: 1200, todo: 1000 });
        clock.step(Duration::from_secs(100));
        (2..502).for_each(|row| bar.hear(&Event::Row { row, outcome: Outcome::Ok }));
        bar.hear(&Event::QuotaLeft { bucket: Bucket::Submit, left: 0 });
        let until = clock.now() + Duration::from_secs(3600);
        bar.hear(&Event::QuotaDay { bucket: Bucket::Submit, limit: 500, turns: until });
        bar.hear(&Event::Waiting { reason: WaitReason::NextDay(Bucket::Submit), until });
        bar.shared.bar.force_draw();
    }

    #[test]
    fn a_terminal_of_forty_columns_shows_the_bar_and_the_countdown() {
        let (bar, term, clock) = screen(40);
        waiting_run(&bar, &clock);
        let drawn = term.contents();
        let lines: Vec<&str> = drawn.lines().collect();
        assert_eq!(lines.len(), 2, "{drawn}");
        assert!(lines[0].starts_with("500/1000 ##"), "{drawn}");
        assert!(lines[1].starts_with("1 h: waiting for tomorrow's submit"), "{drawn}");
    }

    #[test]
    fn the_line_below_the_bar_counts_the_night_into_the_eta() {
        let (bar, term, clock) = screen(140);
        waiting_run(&bar, &clock);
        let expected = "1 h: waiting for tomorrow's submit quota · done in 1 h 1 min · 0 submit calls left today · 5.0 rows/s";
        assert!(term.contents().contains(expected), "{}", term.contents());
    }

    #[test]
    fn a_remark_stands_above_the_bar_and_the_bar_is_gone_at_the_end() {
        let (bar, term, clock) = screen(80);
        waiting_run(&bar, &clock);
        bar.hear(&Event::Notice(Notice::TokenRenewed));
        drop(bar);
        assert_eq!(term.contents(), "the access token was stale and has been renewed");
    }
}
