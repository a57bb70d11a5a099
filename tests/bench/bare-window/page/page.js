requestAnimationFrame(() => setTimeout(() => window.__TAURI__.core.invoke("window_ready"), 0));
