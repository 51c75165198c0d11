package io.streamer.shared.payload;

import io.streamer.handler.RawJson;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** An object with a record's members. */
final class RecordShape implements Shape {
  private final RecordModel model;
  private final Map<TypeVariable<?>, Type> bindings;
  // found at first use: a record may have itself among its components
  private final AtomicReferenceArray<Shape> shapes;

  RecordShape(RecordModel model, Map<TypeVariable<?>, Type> bindings) {
    this.model = model;
    this.bindings = bindings;
    this.shapes = new AtomicReferenceArray<>(model.components().size());
  }

  RecordModel model() {
    return model;
  }

  int size() {
    return shapes.length();
  }

  /** The component's name in JSON. */
  String name(int index) {
    return model.components().get(index).name();
  }

  /** Whether a payload without the component, or with null for it, is refused. */
  boolean required(int index) {
    return !model.components().get(index).nullable() && !(shape(index) instanceof Shape.Maybe);
  }

  /** What the component is for; may be empty. */
  String description(int index) {
    return model.components().get(index).description();
  }

  /**
   * A value that the component takes, if its record has one.
   *
   * @throws IllegalArgumentException naming the component, if it does not take it
   */
  Optional<RawJson> example(int index) {
    var component = model.components().get(index);
    if (component.example().isEmpty()) {
      return Optional.empty();
    }
    var shape = shape(index);
    var json =
        Shape.isText(shape) ? Payloads.write(component.example()) : RawJson.of(component.example());
    try {
      var _ = new Binder(json.toString()).bind(shape);
    } catch (InvalidPayload e) {
      var wrong = e.fields().getFirst();
      throw new IllegalArgumentException(
          model.type().getName()
              + "."
              + component.name()
              + ": its example"
              + (wrong.pointer().isEmpty() ? " " : " at " + wrong.pointer() + " ")
              + wrong.message(),
          e);
    }
    return Optional.of(json);
  }

  Shape shape(int index) {
    var shape = shapes.get(index);
    if (shape == null) {
      shape = find(model.components().get(index));
      shapes.set(index, shape);
    }
    return shape;
  }

  private Shape find(RecordModel.Component component) {
    try {
      return Shapes.of(Types.resolve(component.type(), bindings));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          model.type().getName() + "." + component.name() + ": " + e.getMessage(), e);
    }
  }
}
