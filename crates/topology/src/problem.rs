//! Why a topology cannot be used as it is: the line, what is wrong there, and how to put it right.

use std::fmt;

/// One thing that is wrong with a topology. As text it begins with the line, where there is one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct TopologyProblem {
    /// Counted from 1.
    pub line: Option<u32>,
    /// What is wrong, lower case.
    pub message: String,
    /// The fix, as a sentence.
    pub hint: String,
}

impl TopologyProblem {
    pub(crate) fn at(line: u32, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { line: Some(line), message: message.into(), hint: hint.into() }
    }

    pub(crate) fn whole(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { line: None, message: message.into(), hint: hint.into() }
    }
}

impl fmt::Display for TopologyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "{}. {}", self.message, self.hint)
    }
}
