//! Works around blank windows of WebKitGTK on NVIDIA drivers. Elsewhere there is nothing to do.

/// Starts the program anew with WebKit's DMABUF renderer off when the NVIDIA driver is loaded and the
/// person has not decided otherwise. Changing the environment of a running program is not safe.
#[cfg(target_os = "linux")]
pub(crate) fn restart_without_dmabuf_if_needed() {
    use std::os::unix::process::CommandExt;

    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let has_nvidia = std::path::Path::new("/proc/driver/nvidia/version").exists();
    if !has_nvidia || std::env::var_os(SWITCH).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let error = std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(SWITCH, "1")
            .exec();
        eprintln!("cannot start again without the DMABUF renderer: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn restart_without_dmabuf_if_needed() {}
