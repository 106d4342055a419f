/* A Leaflet layer that is one canvas over the view: sharp on any screen, carried along while the
 * map pans and zooms, painted anew when it rests. Serves the step "map layer → pixel".
 * A plain script: it sets globalThis.CanvasLayer. */
"use strict";
globalThis.CanvasLayer = L.Renderer.extend({
  // The canvas reaches this share of the view beyond each side, so that panning shows no edge.
  options: { padding: 0.3, pane: "overlayPane" },

  /** `paint(ctx, view)` draws; see `view()` for what it is told. */
  initialize(paint, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._paint = paint;
    this._layers = {}; // what L.Renderer keeps vectors in; ours has none
    this._frame = 0;
  },

  _initContainer() {
    this._container = L.DomUtil.create("canvas", "incident-canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._ctx = this._container.getContext("2d");
  },

  /** Lets another such layer lie above, whichever was added first. */
  putBelow(other) {
    this._container.after(other._container);
  },

  _destroyContainer() {
    cancelAnimationFrame(this._frame);
    this._container.remove();
    delete this._container;
    delete this._ctx;
  },

  _updatePaths() {},

  getEvents() {
    const events = L.Renderer.prototype.getEvents.call(this);
    events.move = this._onMove;
    return events;
  },

  // A long drag can leave the painted margin before it ends.
  _onMove() {
    const map = this._map;
    if (map._animatingZoom || !this._bounds) return;
    const topLeft = map.containerPointToLayerPoint([0, 0]);
    const view = L.bounds(topLeft, topLeft.add(map.getSize()));
    if (!this._bounds.contains(view) && map.getZoom() === this._zoom) this._update();
  },

  _update() {
    if (!this._map || (this._map._animatingZoom && this._bounds)) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = window.devicePixelRatio || 1;
    const canvas = this._container;
    const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      [canvas.width, canvas.height] = [width, height];
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
    }
    L.DomUtil.setPosition(canvas, this._bounds.min);
    this.paintNow();
  },

  /** What is painted: world pixels at `zoom` of the canvas' top left corner, its size and ratio. */
  view() {
    const origin = this._map.getPixelOrigin().add(this._bounds.min);
    const size = this._bounds.getSize();
    return { x: origin.x, y: origin.y, width: size.x, height: size.y, zoom: this._zoom };
  },

  /** Paint before the next frame; many calls make one picture. */
  redraw() {
    if (this._frame || !this._map) return;
    this._frame = requestAnimationFrame(() => {
      this._frame = 0;
      // During a zoom animation the old picture is scaled; it is replaced when the zoom ends.
      if (this._map && !this._map._animatingZoom) this.paintNow();
    });
  },

  paintNow() {
    if (!this._ctx || !this._bounds) return;
    const ratio = window.devicePixelRatio || 1;
    const view = this.view();
    this._ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this._ctx.clearRect(0, 0, view.width, view.height);
    this._paint(this._ctx, view);
  },
});
