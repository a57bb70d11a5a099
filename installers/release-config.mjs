// Prints the configuration that only a release has: signing and the updater's public key.
//
// `tauri build --config FILE` merges it over src-tauri/tauri.conf.json. The values come from the release
// workflow's environment, so that no key stands in the repository and a build by hand stays unsigned.

const { UPDATER_PUBLIC_KEY, UPDATER_ENDPOINT, WINDOWS_THUMBPRINT } = process.env;

if (!UPDATER_PUBLIC_KEY || !UPDATER_ENDPOINT) {
  console.error("a release needs UPDATER_PUBLIC_KEY and UPDATER_ENDPOINT");
  process.exit(1);
}

const config = {
  bundle: { createUpdaterArtifacts: true },
  plugins: { updater: { pubkey: UPDATER_PUBLIC_KEY, endpoints: [UPDATER_ENDPOINT] } },
};
if (WINDOWS_THUMBPRINT) {
  config.bundle.windows = {
    certificateThumbprint: WINDOWS_THUMBPRINT,
    digestAlgorithm: "sha256",
    timestampUrl: "http://timestamp.digicert.com",
  };
}
console.log(JSON.stringify(config, null, 2));
