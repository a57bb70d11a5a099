//! Labs and templates.

use model::{
    Capture, CollectedText, Collection, Failure, Impairment, LabExecuted, LabPage, LabPlan,
    LabView, NodeInterface, TemplateInput, TemplatePreview, TemplateView,
};

use crate::{args::*, dispatch::Call, streams::Source};

pub(crate) async fn templates_list(
    call: Call<'_>,
    _: NoArgs,
) -> Result<Vec<TemplateView>, Failure> {
    call.core.templates().await
}

pub(crate) async fn template_create(
    call: Call<'_>,
    args: TemplateInput,
) -> Result<TemplateView, Failure> {
    call.core.template_create(args).await
}

pub(crate) async fn template_update(
    call: Call<'_>,
    args: TemplateUpdateArgs,
) -> Result<TemplateView, Failure> {
    call.core.template_update(&args.template_id, args.input).await
}

pub(crate) async fn template_remove(call: Call<'_>, args: TemplateArgs) -> Result<Done, Failure> {
    call.core.template_remove(&args.template_id).await.map(|()| Done {})
}

pub(crate) async fn template_refresh(call: Call<'_>, args: TemplateArgs) -> Result<Done, Failure> {
    call.core.template_refresh(&args.template_id).await.map(|()| Done {})
}

pub(crate) async fn template_preview(
    call: Call<'_>,
    args: TemplatePreviewArgs,
) -> Result<TemplatePreview, Failure> {
    call.core.template_preview(&args.template_id, &args.topology).await
}

pub(crate) async fn labs_list(call: Call<'_>, _: NoArgs) -> Result<Vec<LabView>, Failure> {
    call.core.labs().await
}

pub(crate) async fn labs_refresh(call: Call<'_>, args: LabsRefreshArgs) -> Result<Done, Failure> {
    call.core.labs_refresh(&args.connection_id).await.map(|()| Done {})
}

pub(crate) async fn lab_create_plan(
    call: Call<'_>,
    args: LabCreateArgs,
) -> Result<LabPlan, Failure> {
    call.core.lab_create_plan(args.input, args.verb).await
}

pub(crate) async fn lab_create(call: Call<'_>, args: LabCreateArgs) -> Result<RunStarted, Failure> {
    call.core.lab_create(args.input, args.verb).await.map(|run_id| RunStarted { run_id })
}

pub(crate) async fn lab_inspect(call: Call<'_>, args: LabArgs) -> Result<LabPage, Failure> {
    call.core.lab_inspect(&args.lab).await
}

pub(crate) async fn lab_change_plan(
    call: Call<'_>,
    args: LabChangeArgs,
) -> Result<LabPlan, Failure> {
    call.core.lab_change_plan(&args.lab, args.verb, args.options).await
}

pub(crate) async fn lab_change(call: Call<'_>, args: LabChangeArgs) -> Result<RunStarted, Failure> {
    call.core
        .lab_change(&args.lab, args.verb, args.options)
        .await
        .map(|run_id| RunStarted { run_id })
}

pub(crate) async fn lab_forget(call: Call<'_>, args: LabArgs) -> Result<Done, Failure> {
    call.core.lab_forget(&args.lab).await.map(|()| Done {})
}

pub(crate) async fn lab_restore(call: Call<'_>, args: LabArgs) -> Result<Done, Failure> {
    call.core.lab_restore(&args.lab).await.map(|()| Done {})
}

pub(crate) async fn lab_favourite(call: Call<'_>, args: LabFavouriteArgs) -> Result<Done, Failure> {
    call.core.lab_favourite(&args.lab, args.is_favourite).await.map(|()| Done {})
}

pub(crate) async fn lab_auto_stop(call: Call<'_>, args: LabAutoStopArgs) -> Result<Done, Failure> {
    call.core.lab_auto_stop(&args.lab, args.at, args.after_minutes).await.map(|()| Done {})
}

pub(crate) async fn lab_positions(call: Call<'_>, args: LabPositionsArgs) -> Result<Done, Failure> {
    call.core.lab_positions(&args.lab, args.positions).await.map(|()| Done {})
}

pub(crate) async fn lab_node_change(call: Call<'_>, args: LabNodeArgs) -> Result<Done, Failure> {
    call.core.lab_node_change(&args.lab, &args.node, args.verb).await.map(|()| Done {})
}

pub(crate) async fn lab_exec(
    call: Call<'_>,
    args: LabExecArgs,
) -> Result<Vec<LabExecuted>, Failure> {
    call.core.lab_exec(&args.lab, &args.nodes, &args.command).await
}

pub(crate) async fn lab_interfaces(
    call: Call<'_>,
    args: LabArgs,
) -> Result<Vec<NodeInterface>, Failure> {
    call.core.lab_interfaces(&args.lab).await
}

pub(crate) async fn lab_rates_open(
    call: Call<'_>,
    args: LabRatesOpenArgs,
) -> Result<Done, Failure> {
    let rates = call.core.lab_rates_follow(&args.lab).await?;
    call.client.open_stream(args.stream, Source::Rates(rates)).map(|()| Done {})
}

pub(crate) async fn lab_impairments(
    call: Call<'_>,
    args: LabArgs,
) -> Result<Vec<Impairment>, Failure> {
    call.core.lab_impairments(&args.lab).await
}

pub(crate) async fn lab_impair(call: Call<'_>, args: LabImpairArgs) -> Result<Done, Failure> {
    call.core.lab_impair(&args.lab, args.impairment).await.map(|()| Done {})
}

pub(crate) async fn lab_capture(call: Call<'_>, args: LabCaptureArgs) -> Result<Capture, Failure> {
    call.core.lab_capture(&args.lab, &args.node, &args.interface).await
}

pub(crate) async fn lab_collections(
    call: Call<'_>,
    args: LabArgs,
) -> Result<Vec<Collection>, Failure> {
    call.core.lab_collections(&args.lab).await
}

pub(crate) async fn lab_collected(
    call: Call<'_>,
    args: LabCollectedArgs,
) -> Result<CollectedText, Failure> {
    call.core.lab_collected(&args.lab, &args.run_id, &args.path).await
}

pub(crate) async fn lab_drawing_save(call: Call<'_>, args: LabSaveArgs) -> Result<Saved, Failure> {
    let path = call.core.lab_drawing_save(&args.name, &args.svg).await?;
    Ok(Saved { path: path.map(|path| path.display().to_string()) })
}
