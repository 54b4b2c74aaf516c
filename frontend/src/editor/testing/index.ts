/** The public surface of the test driver. */

export { FakeClock, settle } from "./FakeClock";
export { FakeRasterWorker } from "./FakeRasterWorker";
export { FakeServer } from "./FakeServer";
export { RecordingSurface, type DrawCall } from "./RecordingContext";
export { boxAnnotation, CLASSES, FakeSmart, IMAGE, TestEditor, type TestEditorOptions } from "./TestEditor";
export { FakePicture } from "./FakePicture";
export { FakeWireWorker } from "./FakeWireWorker";
