// Runs in the page of the product: waits for what a person sees, on the screen's own clock.
window.editorScreen = (() => {
  const frame = () =>
    new Promise((resolve) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now());
        channel.port2.postMessage(null);
      }),
    );
  const canvas = (layer) => document.querySelectorAll("[role=application] canvas")[layer];
  const pixel = (layer) => {
    const found = canvas(layer);
    const small = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const context = small.getContext("2d", { willReadFrequently: true });
    if (!found || found.width === 0) return [0, 0, 0, 0];
    // Right of the middle: the left third of a picture is noise.
    context.drawImage(found, found.width / 2 + 40, found.height / 2, 1, 1, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const isNear = (found, wanted) => found[3] > 250 && wanted.every((value, at) => Math.abs(value - found[at]) < 8);
  const until = async (condition, seconds = 30) => {
    const end = performance.now() + 1000 * seconds;
    for (;;) {
      const now = await frame();
      if (condition()) return now;
      if (now > end) throw new Error(`Waited ${seconds} s for ${condition}`);
    }
  };
  const name = () => document.querySelector("[data-testid=image-name]")?.textContent;
  const isLoading = () => document.querySelector("[role=status][aria-label=Loading]") !== null;
  const press = (key) => window.dispatchEvent(new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, bubbles: true }));
  const shows = (image) => name() === image.name && !isLoading() && isNear(pixel(0), image.color);
  return {
    frame,
    /** Milliseconds from the key until the picture of `image` is on the canvas. */
    async switchTo(key, image) {
      const begin = performance.now();
      press(key);
      return (await until(() => shows(image))) - begin;
    },
    /** Milliseconds until the image at `path` is there with outlines on it. */
    async open(path, image) {
      const begin = performance.now();
      history.pushState({}, "", path);
      window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
      return (await until(() => shows(image) && pixel(1)[3] > 0)) - begin;
    },
    /** Milliseconds until the image at `path` shows anything, small as it may be. */
    async firstPicture(path) {
      const begin = performance.now();
      history.pushState({}, "", path);
      window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
      return (await until(() => location.pathname === path && !isLoading() && pixel(0)[3] > 250)) - begin;
    },
    /** Frames while `wheel` turns: whole ones at p50 and p95, and the main thread's processor time for each. */
    async frames(count, wheel) {
      const target = document.querySelector("[role=application]");
      const { left, top, width, height } = target.getBoundingClientRect();
      const place = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true };
      const times = [];
      const before = await window.processorTime();
      let last = await frame();
      for (let at = 0; at < count; at += 1) {
        const turn = Math.floor(at / 30) % 2 === 0 ? 1 : -1;
        target.dispatchEvent(new WheelEvent("wheel", { ...place, deltaY: wheel.delta * turn, shiftKey: wheel.pan }));
        const now = await frame();
        times.push(now - last);
        last = now;
      }
      const cpu = ((await window.processorTime()) - before) / count;
      times.sort((a, b) => a - b);
      return { p50: times[count >> 1], p95: times[Math.floor(count * 0.95)], cpu };
    },
  };
})();
