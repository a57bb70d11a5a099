/* Every screen with invented data, for the checks that look at all of them. */

const WORKSPACE = "/workspaces/forge-1/atlas-api";
/* Texts are compared without the brackets of the pseudo-language. */
const PLAIN = "(text) => (text ?? '').replace(/[\u27e6\u27e7]/g, '')";
const press = (text) =>
  `[...document.querySelectorAll("button")].find((b) => (${PLAIN})(b.textContent).startsWith(${JSON.stringify(text)})).click()`;
const label = (text) =>
  `[...document.querySelectorAll("[aria-label]")].find((e) => (${PLAIN})(e.ariaLabel) === ${JSON.stringify(text)}).click()`;
/* Opens the menu of a row and takes an entry of it. */
const choose = (menu, text) =>
  `${label(menu)}; setTimeout(() => [...document.querySelectorAll("[role=menuitem]")].find((item) => (${PLAIN})(item.textContent).startsWith(${JSON.stringify(text)})).click(), 100)`;

/* A test of a connection has ended. */
const TESTED =
  "[...document.querySelectorAll('button')].some((b) => b.textContent.replace(/[\u27e6\u27e7]/g, '') === 'Test again')";
/* Agrees to a set-up as soon as it can be agreed to, and runs it. */
const AGREE = `(function agree() {
  const box = document.querySelector("[type=checkbox]");
  if (!box) return setTimeout(agree, 20);
  box.click();
  setTimeout(() => ${press("Run on")}, 50);
})()`;

/* Presses a button as soon as it can be pressed. */
const once = (text) => `(function look() {
  const button = [...document.querySelectorAll("button:not(:disabled)")].find((b) => (${PLAIN})(b.textContent).startsWith(${JSON.stringify(text)}));
  if (button) button.click();
  else setTimeout(look, 20);
})()`;

const pressKey = (key) =>
  `document.body.dispatchEvent(new KeyboardEvent("keydown", { key: ${JSON.stringify(key)}, bubbles: true }))`;

/* Types into the first field that is found. */
const type = (selector, text) => `(() => {
  const field = document.querySelector(${JSON.stringify(selector)});
  field.focus();
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, ${JSON.stringify(text)});
  field.dispatchEvent(new Event("input", { bubbles: true }));
})()`;
/* Opens the first list of choices of a dialog and takes one, as soon as each is there. */
const pickKind = (text) => `(function look() {
  const list = document.querySelector("[role=dialog] [role=combobox]");
  const option = [...document.querySelectorAll("[role=option]")].find((o) => (${PLAIN})(o.textContent).startsWith(${JSON.stringify(text)}));
  if (!option) {
    list?.focus();
    if (list?.ariaExpanded === "false")
      list.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true }));
    return setTimeout(look, 50);
  }
  for (const type of ["pointermove", "mousemove", "pointerdown", "mousedown", "pointerup", "mouseup", "click"])
    option.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, button: 0, pointerType: "mouse" }));
})()`;
const TAB = (text) =>
  `[...document.querySelectorAll("[role=tab]")].find((tab) => (${PLAIN})(tab.textContent).startsWith(${JSON.stringify(text)})).click()`;
const PAST =
  "document.querySelector('[role=tabpanel] [role=row], [role=tabpanel] pre, [role=tabpanel] button')";

const LAB = "/labs/clab-a/evpn-fabric/topology";
/* The drawing is there. */
const NODE = "document.querySelector('[data-node]')";

/** Name, scene, address, then what to do there, and what shows that it was done. */
export const SCREENS = [
  ["home", "rich", "/home"],
  ["home-down", "down", "/home"],
  ["home-quiet", "none", "/home"],
  ["palette", "rich", "/home", press("Find or run"), "document.querySelector('[role=option]')"],
  [
    "notifications",
    "rich",
    "/home",
    label("Notifications, 2 unread"),
    "document.querySelector('[role=dialog] li')",
  ],
  [
    "notification-lab",
    "labs",
    "/home",
    label("Notifications, 2 unread"),
    "document.querySelector('[role=dialog] li')",
  ],
  ["link", "link", "/home"],
  ["link-add", "link-add", "/home"],
  ["link-nowhere", "link-nowhere", "/home"],
  ["shortcuts", "rich", "/home", pressKey("?"), "document.querySelector('[role=dialog]')"],
  ["selected", "rich", "/workspaces", label("Select atlas-api"), "document.querySelector('[role=toolbar]')"],
  ["compact", "compact", "/workspaces"],
  ["workspaces", "rich", "/workspaces"],
  ["row-menu", "rich", "/workspaces", label("More for atlas-api"), "document.querySelector('[role=menu]')"],
  ["welcome", "bare", "/home"],
  ["first-run", "empty", "/home"],
  [
    "first-run-open",
    "empty",
    "/home",
    `${press("SSH config")}; setTimeout(() => ${press("prod-eu")}, 50)`,
    "document.body.textContent.includes('Logs in with')",
  ],
  [
    "import",
    "rich",
    "/connections",
    press("Import"),
    "document.querySelector('[role=dialog] [role=checkbox]')",
  ],
  [
    "adopt",
    "rich",
    "/workspaces",
    choose("More for legacy-etl", "Adopt"),
    "document.querySelector('[role=dialog] input')",
  ],
  [
    "rebuild",
    "rich",
    "/workspaces",
    choose("More for atlas-api", "Rebuild"),
    "document.querySelector('#rebuild-plan')",
  ],
  ["tunnels", "rich", "/tunnels"],
  ["tunnels-none", "none", "/tunnels", "0", "document.querySelector('main h2 ~ div button')"],
  ["tunnels-no-host", "bare", "/tunnels", "0", "document.querySelector('main h2 ~ div button')"],
  ["tunnels-cannot-load", "broken", "/tunnels"],
  ["tunnels-many", "many", "/tunnels"],
  [
    "tunnels-no-match",
    "rich",
    "/tunnels",
    type("[data-filter]", "nothing like it"),
    "document.querySelector('main h2')",
  ],
  [
    "tunnels-selected",
    "rich",
    "/tunnels",
    label("Select grafana"),
    "document.querySelector('[role=toolbar]')",
  ],
  ["tunnel-menu", "rich", "/tunnels", label("More for grafana"), "document.querySelector('[role=menu]')"],
  [
    "tunnel-typed",
    "rich",
    "/tunnels",
    type("[role=combobox]", "8081:billing:8080 via jump-1"),
    "document.querySelector('[role=status] svg.text-accent')",
  ],
  [
    "tunnel-typed-way",
    "rich",
    "/tunnels",
    type("[role=combobox]", "8081:billing:8080 via j"),
    "document.querySelector('[role=option]')",
  ],
  [
    "tunnel-typed-wrong",
    "rich",
    "/tunnels",
    type("[role=combobox]", "8081"),
    "document.querySelector('main [role=status] button')",
  ],
  ["tunnel", "rich", "/tunnels/grafana", "0", PAST],
  ["tunnel-requests", "rich", "/tunnels/grafana", TAB("Requests"), PAST],
  ["tunnel-command", "rich", "/tunnels/grafana", TAB("ssh"), "document.querySelector('[role=tabpanel] pre')"],
  ["tunnel-not-watched", "rich", "/tunnels/postgres", TAB("Requests"), PAST],
  ["tunnel-proxy", "rich", "/tunnels/socks", "0", PAST],
  ["tunnel-remote", "rich", "/tunnels/webhooks"],
  ["tunnel-listening", "rich", "/tunnels/kafka-ui"],
  ["tunnel-stopped", "rich", "/tunnels/debug"],
  ["tunnel-reconnecting", "rich", "/tunnels/docs", "0", PAST],
  ["tunnel-port-taken", "rich", "/tunnels/api", "0", PAST],
  ["tunnel-other-port", "trouble", "/tunnels/shop"],
  ["tunnel-target-down", "trouble", "/tunnels/metrics", "0", PAST],
  ["tunnel-failed", "trouble", "/tunnels/billing", "0", PAST],
  ["tunnel-exposed", "trouble", "/tunnels/demo", "0", PAST],
  ["tunnel-connecting", "trouble", "/tunnels/agent"],
  ["tunnel-gone", "rich", "/tunnels/nobody"],
  ["tunnel-form", "rich", "/tunnels", press("New tunnel"), "document.querySelector('[role=dialog] form')"],
  [
    "tunnel-form-errors",
    "rich",
    "/tunnels",
    `${press("New tunnel")}; ${once("Create")}`,
    "document.querySelector('[role=dialog] [aria-invalid]')",
  ],
  [
    "tunnel-form-own",
    "trouble",
    "/tunnels",
    `${press("New tunnel")}; ${once("Its own address")}`,
    "document.querySelector('[role=dialog] [role=group] ~ * button, [role=dialog] p button')",
  ],
  [
    "tunnel-edit",
    "trouble",
    "/tunnels",
    choose("More for demo", "Edit"),
    "document.querySelector('[role=dialog] [role=alert]')",
  ],
  [
    "tunnels-import",
    "rich",
    "/tunnels",
    press("Import"),
    "document.querySelector('[role=dialog] [role=checkbox]')",
  ],
  ["labs", "labs", "/labs"],
  ["labs-none", "labs-none", "/labs", "0", "document.querySelector('main h2 ~ div button')"],
  ["labs-no-server", "rich", "/labs", "0", "document.querySelector('main h2 ~ div button')"],
  ["labs-away", "labs-away", "/labs"],
  ["labs-cannot-load", "broken", "/labs"],
  [
    "labs-no-match",
    "labs",
    "/labs",
    type("[data-filter]", "nothing like it"),
    "document.querySelector('main h2')",
  ],
  ["labs-selected", "labs", "/labs", label("Select evpn-fabric"), "document.querySelector('[role=toolbar]')"],
  ["lab-row-menu", "labs", "/labs", label("More for ospf-two"), "document.querySelector('[role=menu]')"],
  ["lab", "labs", LAB, "0", NODE],
  ["lab-lan", "labs", "/labs/lab-west/%2Fhome%2Falice%2Fnetlab%2Fbgp-lan/topology", "0", NODE],
  ["lab-200", "labs-big", "/labs/clab-a/clos-200/topology", "0", NODE],
  [
    "lab-no-drawing",
    "labs",
    "/labs/clab-a/srl-mpls/topology",
    "0",
    "document.querySelector('main h2 ~ div button')",
  ],
  ["lab-failed", "labs", "/labs/clab-a/wan-old/nodes"],
  ["lab-away", "labs-away", "/labs/lab-west/%2Fhome%2Falice%2Fnetlab%2Fospf-two/topology", "0", NODE],
  ["lab-error", "labs-error", LAB, "0", "document.querySelector('[role=alert]')"],
  ["lab-gone", "labs", "/labs/clab-a/fabric-old/topology"],
  [
    "lab-node-menu",
    "labs",
    LAB,
    `setTimeout(() => document.querySelector("[data-node=l2]").dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, button: 2, clientX: 780, clientY: 430 })), 500)`,
    "document.querySelector('[role=menu]')",
  ],
  [
    "lab-console",
    "labs",
    LAB,
    `setTimeout(() => document.querySelector("[data-node=l2]").dispatchEvent(new MouseEvent("dblclick", { bubbles: true })), 500)`,
    "document.querySelector('.xterm')",
  ],
  ["lab-menu", "labs", LAB, label("More for evpn-fabric"), "document.querySelector('[role=menu]')"],
  [
    "lab-apply",
    "labs",
    LAB,
    choose("More for evpn-fabric", "Apply"),
    "document.querySelector('[role=dialog] dl')",
  ],
  [
    "lab-redeploy",
    "labs",
    LAB,
    choose("More for evpn-fabric", "Redeploy"),
    "document.querySelector('[role=dialog] ol')",
  ],
  [
    "lab-destroy",
    "labs",
    LAB,
    `${choose("More for evpn-fabric", "Destroy")}; setTimeout(() => document.querySelectorAll("[role=dialog] [type=radio]")[1].click(), 600)`,
    "document.querySelector('[role=dialog] input:not([type])')",
  ],
  [
    "lab-auto-stop",
    "labs",
    LAB,
    choose("More for evpn-fabric", "Stop by"),
    "document.querySelector('[role=dialog] form')",
  ],
  [
    "lab-nodes",
    "labs",
    "/labs/clab-a/evpn-fabric/nodes",
    "0",
    "document.querySelector('main [role=gridcell]')",
  ],
  ["lab-runs", "labs", "/labs/clab-a/evpn-fabric/runs", "0", "document.querySelector('main [role=row]')"],
  ["lab-run", "labs", "/runs/run-lab"],
  [
    "lab-run-cancel",
    "labs",
    "/runs/run-lab",
    press("Cancel"),
    "document.querySelector('[role=dialog], [role=alertdialog]')",
  ],
  ["lab-run-failed", "labs", "/runs/run-wan"],
  ["lab-config", "labs", "/labs/clab-a/evpn-fabric/config", "0", "document.querySelector('main .text-ok')"],
  [
    "lab-config-split",
    "labs",
    "/labs/clab-a/evpn-fabric/config",
    once("Side by side"),
    "document.querySelector('main .grid-cols-2')",
  ],
  [
    "lab-files",
    "labs",
    "/labs/clab-a/evpn-fabric/files",
    once("Compare"),
    "document.querySelector('main pre')",
  ],
  ["templates", "labs", "/labs/templates", "0", NODE],
  ["templates-none", "labs-none", "/labs/templates"],
  [
    "template-add",
    "labs",
    "/labs/templates",
    label("Add a template"),
    "document.querySelector('[role=dialog] form')",
  ],
  [
    "new-lab",
    "labs",
    "/labs",
    `${press("New lab")}; ${once("evpn-fabric")}`,
    "document.querySelector('[role=dialog] [data-node]')",
  ],
  [
    "new-lab-settings",
    "labs",
    "/labs/templates",
    once("New lab from it"),
    "document.querySelector('[role=dialog] ol')",
  ],
  ["lab-server", "labs", "/connections/clab-a", "0", "document.querySelector('main [role=alert]')"],
  ["lab-server-netlab", "labs", "/connections/lab-west"],
  ["home-labs", "labs", "/home"],
  ["certificate", "certificate", "/home", "0", "document.querySelector('[role=dialog]')"],
  ["certificate-changed", "certificate-changed", "/home", "0", "document.querySelector('[role=dialog]')"],
  ["volumes", "rich", "/volumes"],
  ["no-volume-server", "down", "/volumes"],
  [
    "volume-delete",
    "rich",
    "/volumes",
    choose("More for cargo-cache", "Delete"),
    "document.querySelector('[role=dialog]')",
  ],
  ["no-workspaces", "none", "/workspaces"],
  ["no-server", "down", "/workspaces"],
  ["cannot-load", "broken", "/workspaces"],
  ["thousand", "many", "/workspaces"],
  ["overview", "rich", `${WORKSPACE}/overview`],
  [
    "open-in-menu",
    "rich",
    `${WORKSPACE}/overview`,
    label("More ways to open"),
    "document.querySelector('[role=menu]')",
  ],
  [
    "ssh-consent",
    "rich",
    `${WORKSPACE}/overview`,
    press("Set up ssh"),
    "document.querySelector('[role=dialog] pre')",
  ],
  ["stale", "rich", "/workspaces/jump-3/bob/overview"],
  ["ports", "rich", `${WORKSPACE}/ports`],
  ["logs", "rich", `${WORKSPACE}/logs`],
  ["metrics", "rich", `${WORKSPACE}/metrics`],
  ["terminal-tab", "rich", `${WORKSPACE}/terminal`],
  ["workspace-runs", "rich", `${WORKSPACE}/runs`],
  ["dock", "rich", `${WORKSPACE}/overview`, press("Terminal"), "document.querySelector('.xterm')"],
  ["runs", "rich", "/runs"],
  ["run", "rich", "/runs/run-create"],
  ["run-failed", "rich", "/runs/run-carol"],
  ["connection", "rich", "/connections/forge-1"],
  [
    "connection-add-lab",
    "labs",
    "/workspaces",
    `${label("Add a connection")}; ${pickKind("Netlab")}`,
    "[...document.querySelectorAll('[role=dialog] label')].some((l) => l.textContent.includes('API'))",
  ],
  ["connection-failed", "rich", "/connections/lab-west"],
  ["connection-edit", "rich", "/connections/forge-1", press("Edit"), "document.querySelector('main form')"],
  [
    "connection-add",
    "rich",
    "/workspaces",
    label("Add a connection"),
    "document.querySelector('[role=dialog] form')",
  ],
  ["test-passed", "rich", "/connections/forge-1/test", "0", TESTED],
  ["test-login", "rich", "/connections/lab-west/test", "0", TESTED],
  [
    "test-copy-key",
    "rich",
    "/connections/lab-west/test",
    once("Copy my public key"),
    "document.querySelector('[role=dialog] dl')",
  ],
  ["test-jump", "rich", "/connections/prod-eu/test", "0", TESTED],
  ["test-socket", "rich", "/connections/attic/test", "0", TESTED],
  ["set-up", "rich", "/connections/attic/set-up", "0", "document.querySelector('[type=checkbox]')"],
  [
    "set-up-run",
    "rich",
    "/connections/attic/set-up",
    AGREE,
    "document.querySelector('[role=status] button')",
  ],
  ["images", "rich", "/images"],
  ["images-none", "none", "/images"],
  ["images-half", "half", "/images"],
  ["image-menu", "rich", "/images", label("More for dev:24.2"), "document.querySelector('[role=menu]')"],
  ["image-build", "rich", "/images", press("Build image"), "document.querySelector('[role=dialog] form')"],
  ["image-pull", "rich", "/images", press("Pull"), "document.querySelector('[role=dialog] form')"],
  ["image-prune", "rich", "/images", press("Prune"), "document.querySelector('[role=dialog] li')"],
  ["run-pull", "rich", "/runs/run-pull"],
  ["settings", "rich", "/settings"],
  ["settings-import", "rich", "/settings/import"],
  ...["window", "terminal", "web-ide", "editors", "ssh", "secrets", "updates", "data", "about"].map((id) => [
    `settings-${id}`,
    "rich",
    `/settings/${id}`,
  ]),
  ["settings-vault", "vault-kept", "/settings/secrets"],
  ["settings-compact", "compact", "/settings/appearance"],
  ["update", "update", "/settings/updates"],
  ["update-installing", "installing", "/settings/updates"],
  ["update-none", "source", "/settings/updates"],
  ["reset", "rich", "/settings/data", press("Forget"), "document.querySelector('[role=dialog]')"],
  [
    "transfer",
    "rich",
    "/settings/data",
    `const input = document.querySelector("input[type=file]"); const files = new DataTransfer();
    files.items.add(new File(["format = 1"], "moorline.toml")); input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }))`,
    "document.querySelector('[role=dialog] li')",
  ],
  ["log", "rich", "/log"],
  ["support", "rich", "/support"],
  [
    "dock-split",
    "rich",
    `${WORKSPACE}/overview`,
    `const twice = () => ${press("Terminal")}; twice(); setTimeout(twice, 300); const split = setInterval(() => {
      const button = [...document.querySelectorAll("[aria-label]")].find((e) => e.ariaLabel.includes("Show side by side"));
      if (document.querySelectorAll("[aria-controls^=dock-]").length === 2 && button) { clearInterval(split); button.click(); }
    }, 50)`,
    "document.querySelectorAll('[role=separator][aria-orientation=vertical]').length",
  ],
  ["create", "rich", "/workspaces", press("New workspace"), "document.querySelector('[role=dialog]')"],
  [
    "create-build",
    "rich",
    "/workspaces",
    `${press("New workspace")}; ${once("Containerfile")}`,
    "document.querySelector('[role=dialog] section button')",
  ],
  [
    "create-build-form",
    "rich",
    "/workspaces",
    `${press("New workspace")}; ${once("Containerfile")}; ${once("Type a Containerfile")}`,
    "document.querySelector('[role=dialog] #build-plan')",
  ],
  [
    "remove-tied",
    "rich",
    "/workspaces",
    choose("More for atlas-api", "Remove"),
    "document.querySelector('[role=dialog] [role=checkbox]')",
  ],
  ["host-key-unknown", "unknown", "/workspaces"],
  ["host-key-changed", "hostkey", "/workspaces"],
  ["host-key-revoked", "revoked", "/workspaces"],
  ["credentials", "credentials", "/workspaces"],
  ["vault-new", "vault", "/workspaces"],
  ["vault-open", "unlock", "/workspaces"],
];

/** True on a page that has drawn what it knows and stands still. */
export const SETTLED =
  "document.querySelector('h1') && document.fonts.status === 'loaded' && !document.querySelector('[data-starting-style], [data-ending-style]') && document.getAnimations().every((a) => a.effect.getTiming().iterations === Infinity || a.playState !== 'running')";
