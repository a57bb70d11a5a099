//! Connections, SSH hosts, questions.

use model::{ConnectionInput, ConnectionView, Descriptor, Failure, Question, SshHost};

use crate::{args::*, dispatch::Call};

pub(crate) async fn descriptors_list(
    call: Call<'_>,
    _: NoArgs,
) -> Result<Vec<Descriptor>, Failure> {
    Ok(call.core.descriptors())
}

pub(crate) async fn connections_list(
    call: Call<'_>,
    _: NoArgs,
) -> Result<Vec<ConnectionView>, Failure> {
    call.core.connections().await
}

pub(crate) async fn ssh_hosts_list(call: Call<'_>, _: NoArgs) -> Result<Vec<SshHost>, Failure> {
    call.core.ssh_hosts().await
}

pub(crate) async fn connection_create(
    call: Call<'_>,
    input: ConnectionInput,
) -> Result<ConnectionView, Failure> {
    call.core.connection_create(input).await
}

pub(crate) async fn connection_update(
    call: Call<'_>,
    args: ConnectionUpdateArgs,
) -> Result<ConnectionView, Failure> {
    call.core.connection_update(&args.connection_id, args.input).await
}

pub(crate) async fn connection_delete(
    call: Call<'_>,
    args: ConnectionArgs,
) -> Result<Done, Failure> {
    call.core.connection_delete(&args.connection_id).await.map(|()| Done {})
}

pub(crate) async fn connection_connect(
    call: Call<'_>,
    args: ConnectionArgs,
) -> Result<Done, Failure> {
    call.core.connection_connect(&args.connection_id).await.map(|()| Done {})
}

pub(crate) async fn connection_disconnect(
    call: Call<'_>,
    args: ConnectionArgs,
) -> Result<Done, Failure> {
    call.core.connection_disconnect(&args.connection_id).await.map(|()| Done {})
}

pub(crate) async fn questions_list(call: Call<'_>, _: NoArgs) -> Result<Vec<Question>, Failure> {
    call.core.questions().await
}

pub(crate) async fn question_answer(
    call: Call<'_>,
    args: QuestionAnswerArgs,
) -> Result<Done, Failure> {
    call.core.question_answer(args.question_id, args.answer).await.map(|()| Done {})
}
