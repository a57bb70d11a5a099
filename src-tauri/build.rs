//! Hands the command list to Tauri, so that every command of ours needs a permission like any plugin's.

fn main() {
    println!("cargo:rerun-if-changed=commands.txt");
    let list = std::fs::read_to_string("commands.txt").unwrap_or_default();
    let mut commands: Vec<&'static str> = vec!["client_attach"];
    for name in list.lines() {
        commands.push(Box::leak(name.to_owned().into_boxed_str()));
    }
    let manifest = tauri_build::AppManifest::new().commands(Box::leak(commands.into_boxed_slice()));
    if let Err(error) =
        tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
    {
        println!("cargo:error={error:#}");
    }
}
