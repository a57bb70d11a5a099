//! Settings, and facts about the app.

use app::AppInfo;
use model::{Failure, Settings};

use crate::{args::*, dispatch::Call};

pub(crate) async fn app_info(call: Call<'_>, _: NoArgs) -> Result<AppInfo, Failure> {
    Ok(call.core.info().await)
}

pub(crate) async fn url_open(call: Call<'_>, args: UrlArgs) -> Result<Done, Failure> {
    call.core.url_open(&args.url).await.map(|()| Done {})
}

pub(crate) async fn path_pick(call: Call<'_>, args: PathPickArgs) -> Result<PathPicked, Failure> {
    let path = call.core.path_pick(&args.title, args.kind).await?;
    Ok(PathPicked { path: path.map(|path| path.display().to_string()) })
}

pub(crate) async fn window_ready(_: Call<'_>, _: NoArgs) -> Result<Done, Failure> {
    tracing::info!("the window shows what it has");
    Ok(Done {})
}

pub(crate) async fn settings_get(call: Call<'_>, _: NoArgs) -> Result<Settings, Failure> {
    Ok(call.core.settings())
}

pub(crate) async fn settings_set(call: Call<'_>, settings: Settings) -> Result<Settings, Failure> {
    call.core.settings_set(settings).await
}

pub(crate) async fn settings_reset(call: Call<'_>, _: NoArgs) -> Result<Settings, Failure> {
    call.core.settings_reset().await
}

pub(crate) async fn data_folder_open(call: Call<'_>, _: NoArgs) -> Result<Done, Failure> {
    call.core.data_folder_open().await.map(|()| Done {})
}

pub(crate) async fn app_reset(call: Call<'_>, _: NoArgs) -> Result<Backup, Failure> {
    let path = call.core.reset().await?;
    Ok(Backup { path: path.display().to_string() })
}
