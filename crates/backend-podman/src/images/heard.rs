//! What a build says while it goes on: its steps, its lines, and why it failed.

use backend_api::{Cx, StepSink};
use model::LogStream;

use super::build::FIRST;
use super::containerfile::{Instruction, position};
use super::messages::{Message, parse, step_line};
use crate::lines::{CutLine, LineCutter};

const MAX_LINE: usize = 64 * 1024;

/// What a build said so far.
pub(super) struct Heard<'a> {
    pub(super) instructions: &'a [Instruction],
    /// The instruction that is being carried out.
    current: Option<usize>,
    cutter: LineCutter,
    pub(super) failed: Option<String>,
}

impl<'a> Heard<'a> {
    pub(super) fn new(instructions: &'a [Instruction]) -> Self {
        Self { instructions, current: None, cutter: LineCutter::new(MAX_LINE), failed: None }
    }

    /// The instruction that is being carried out.
    pub(super) fn at(&self) -> Option<&'a Instruction> {
        self.current.and_then(|index| self.instructions.get(index))
    }

    pub(super) fn take(&mut self, line: &CutLine, steps: &dyn StepSink, cx: &Cx) {
        match parse(&line.bytes) {
            Some(Message::Output(text)) => {
                for line in self.cutter.push(text.as_bytes()) {
                    self.line(&line.text(), steps, cx);
                }
            }
            Some(Message::Failed(words)) => self.failed = Some(words),
            Some(Message::Layer { .. }) | None => {}
        }
    }

    fn line(&mut self, text: &str, steps: &dyn StepSink, cx: &Cx) {
        if let Some(heading) = step_line(text) {
            let found = position(self.instructions, heading.stage, heading.step, &heading.keyword);
            if let Some(index) = found {
                self.current = Some(index);
                steps.begin(FIRST + index);
            }
        } else if text.starts_with("COMMIT ") {
            steps.begin(FIRST + self.instructions.len());
        }
        cx.log.line(LogStream::Stdout, text);
    }

    pub(super) fn finish(&mut self, cx: &Cx) {
        if let Some(line) = self.cutter.finish() {
            cx.log.line(LogStream::Stdout, &line.text());
        }
    }
}
