//! The testbed itself: what it starts works, and ends with its owner.

use std::{fs, path::Path};

use tests::desktop::{Desktop, SCREEN};

#[test]
fn a_desktop_has_a_screen_and_leaves_nothing() {
    let desktop = Desktop::start().expect("Xvfb and dbus-daemon start");
    let home = desktop.home().to_owned();
    let picture = home.join("screen.png");
    desktop.picture(&picture).expect("a picture");
    assert_eq!(png_size(&picture), SCREEN);
    let listed = desktop
        .command("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"])
        .arg("org.freedesktop.DBus.ListNames")
        .output()
        .expect("dbus-send runs");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("org.freedesktop.DBus"));
    drop(desktop);
    assert!(!home.exists(), "the home folder stays behind");
}

fn png_size(path: &Path) -> (u32, u32) {
    let bytes = fs::read(path).expect("the picture can be read");
    let number = |at: usize| {
        let four: [u8; 4] = bytes[at..at + 4].try_into().expect("four bytes");
        u32::from_be_bytes(four)
    };
    (number(16), number(20))
}
