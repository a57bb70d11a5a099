//! Programs on a terminal of the far machine, for a person.

use backend_api::{BackendError, Terminal, TerminalInput, TerminalOutput};
use bytes::Bytes;
use futures::StreamExt;
use model::TerminalSize;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{mpsc, watch};

use crate::Link;
use crate::channel::ChannelStream;
use crate::quote::command_line;

/// Items between a terminal and its reader; each is at most one read.
const QUEUE: usize = 64;
const READ_SIZE: usize = 32 * 1024;

type Output = mpsc::Sender<Result<TerminalOutput, BackendError>>;

impl Link {
    pub(crate) async fn open_terminal(
        &self,
        argv: &[&str],
        size: TerminalSize,
    ) -> Result<Terminal, BackendError> {
        let command = command_line(argv)?;
        let (connection, channel) = self.open_session(true).await?;
        let (sizes, given) = watch::channel(size);
        let stream = connection.exec_on_terminal(channel, &command, given).await?;
        let (input, from_person) = mpsc::channel(QUEUE);
        let (to_person, output) = mpsc::channel(QUEUE);
        let host = connection.host_name().to_owned();
        // Ends when its program does, when nobody holds the output, or with the link.
        tokio::spawn(async move {
            let ended = carry(stream, from_person, &to_person, &sizes).await;
            let last = match ended {
                Ended::Program { exit_code } => Ok(TerminalOutput::Exited { exit_code }),
                Ended::Broken(words) => Err(BackendError::unreachable(format!(
                    "the connection to {host} was lost while a terminal was open"
                ))
                .with_hint("Connect again and open another terminal.")
                .with_detail(words)),
                Ended::NobodyListens => return,
            };
            let _ = to_person.send(last).await;
        });
        let program = argv.first().map_or("", |program| program.rsplit('/').next().unwrap_or(""));
        let output = futures::stream::unfold(output, |mut output| async {
            output.recv().await.map(|item| (item, output))
        });
        Ok(Terminal { program: program.to_owned(), input, output: output.boxed() })
    }
}

enum Ended {
    Program { exit_code: Option<i32> },
    Broken(String),
    NobodyListens,
}

/// Carries bytes both ways. Dropping the stream hangs up the program.
async fn carry(
    stream: ChannelStream,
    input: mpsc::Receiver<TerminalInput>,
    output: &Output,
    sizes: &watch::Sender<TerminalSize>,
) -> Ended {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let ended = tokio::select! {
        ended = read(&mut reader, output) => ended,
        () = write(&mut writer, input, sizes) => Ended::NobodyListens,
    };
    match ended {
        Ended::Program { .. } => Ended::Program { exit_code: reader.unsplit(writer).exit_code() },
        ended => ended,
    }
}

async fn read(reader: &mut ReadHalf<ChannelStream>, output: &Output) -> Ended {
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let read = tokio::select! {
            read = reader.read(&mut buffer) => read,
            () = output.closed() => return Ended::NobodyListens,
        };
        let bytes = match read {
            Ok(0) => return Ended::Program { exit_code: None },
            Ok(length) => Bytes::copy_from_slice(buffer.get(..length).unwrap_or_default()),
            Err(error) => return Ended::Broken(error.to_string()),
        };
        if output.send(Ok(TerminalOutput::Bytes(bytes))).await.is_err() {
            return Ended::NobodyListens;
        }
    }
}

/// Carries input until the stream breaks; how it ended is the output's to say.
async fn write(
    writer: &mut WriteHalf<ChannelStream>,
    mut input: mpsc::Receiver<TerminalInput>,
    sizes: &watch::Sender<TerminalSize>,
) {
    while let Some(item) = input.recv().await {
        match item {
            TerminalInput::Bytes(bytes) => {
                let written = async {
                    writer.write_all(&bytes).await?;
                    writer.flush().await
                };
                if written.await.is_err() {
                    break;
                }
            }
            TerminalInput::Resize(size) => drop(sizes.send(size)),
        }
    }
    std::future::pending::<()>().await;
}
