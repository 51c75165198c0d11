package io.streamer.system.page;

import static io.streamer.system.page.ReferencePages.row;
import static java.util.stream.Collectors.joining;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;

/** docs/reference/java.md: what handlers compile against, from its source and its Javadoc. */
final class JavaPage {
  private static final Set<Tree.Kind> ALL_PUBLIC =
      Set.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE);

  /** By name. */
  private final TreeMap<String, String> sections = new TreeMap<>();

  /**
   * @param folder of one package's sources
   */
  JavaPage(Path folder) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        var sources = Files.list(folder)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(
                      sources
                          .filter(it -> it.toString().endsWith(".java"))
                          .filter(it -> !it.endsWith("package-info.java"))
                          .toList()));
      var docs = DocTrees.instance(task);
      for (var unit : task.parse()) {
        for (var type : unit.getTypeDecls()) {
          add("", (ClassTree) type, unit, docs, false);
        }
      }
    }
  }

  String text() {
    return """
    # Java for handlers

    The package `io.streamer.handler` of `streamer-handler`, which is all that a handler compiles against; [handlers](../handlers.md) tells how it is used.
    """
        + String.join("", sections.values());
  }

  private void add(
      String outer, ClassTree type, CompilationUnitTree unit, DocTrees docs, boolean open) {
    if (!open && !isPublic(type.getModifiers())) {
      return;
    }
    var name = outer + type.getSimpleName();
    var rows = new StringBuilder();
    boolean membersOpen = ALL_PUBLIC.contains(type.getKind());
    for (var member : type.getMembers()) {
      switch (member) {
        case ClassTree nested -> add(name + ".", nested, unit, docs, membersOpen);
        case MethodTree method when shown(method, type, membersOpen) ->
            rows.append(
                row(
                    "`" + signature(method, name) + "`",
                    said(name + "." + method.getName(), method, unit, docs)));
        case VariableTree field when isPublic(field.getModifiers()) ->
            rows.append(
                row(
                    "`" + field.getName() + "`",
                    said(name + "." + field.getName(), field, unit, docs)));
        default -> {
          // for the package alone
        }
      }
    }
    sections.put(
        name,
        "\n## %s\n\n```java\n%s\n```\n\n%s\n%s"
            .formatted(
                name,
                declaration(type),
                said(name, type, unit, docs),
                rows.isEmpty() ? "" : "\n| member | meaning |\n| --- | --- |\n" + rows));
  }

  private static boolean isPublic(ModifiersTree modifiers) {
    return modifiers.getFlags().contains(Modifier.PUBLIC);
  }

  /** Not what its type's own line says, nor what another type says first. */
  private static boolean shown(MethodTree method, ClassTree type, boolean open) {
    var overrides =
        method.getModifiers().getAnnotations().stream()
            .anyMatch(it -> it.getAnnotationType().toString().equals("Override"));
    boolean canonical = type.getKind() == Tree.Kind.RECORD && method.getReturnType() == null;
    return (open || isPublic(method.getModifiers())) && !overrides && !canonical;
  }

  private static String declaration(ClassTree type) {
    var word =
        switch (type.getKind()) {
          case INTERFACE -> "interface ";
          case ANNOTATION_TYPE -> "@interface ";
          case ENUM -> "enum ";
          case RECORD -> "record ";
          default -> isFinal(type) ? "final class " : "class ";
        };
    var components =
        type.getKind() == Tree.Kind.RECORD
            ? type.getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(VariableTree.class::cast)
                .filter(it -> !it.getModifiers().getFlags().contains(Modifier.STATIC))
                .map(it -> it.getType() + " " + it.getName())
                .collect(joining(", ", "(", ")"))
            : "";
    var parent = type.getExtendsClause() == null ? "" : " extends " + type.getExtendsClause();
    return word + type.getSimpleName() + types(type.getTypeParameters()) + components + parent;
  }

  private static boolean isFinal(ClassTree type) {
    return type.getModifiers().getFlags().contains(Modifier.FINAL);
  }

  private static String types(List<? extends Tree> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.stream().map(Tree::toString).collect(joining(", ", "<", ">"));
  }

  private static String signature(MethodTree method, String type) {
    var parameters = types(method.getTypeParameters());
    var result =
        method.getReturnType() == null
            ? "new " + type
            : method.getReturnType() + " " + method.getName();
    return (method.getModifiers().getFlags().contains(Modifier.STATIC) ? "static " : "")
        + (parameters.isEmpty() ? "" : parameters + " ")
        + result
        + method.getParameters().stream()
            .map(it -> it.toString().replaceAll("\\s+", " ").strip())
            .collect(joining(", ", "(", ")"))
        + (method.getDefaultValue() == null ? "" : " default " + method.getDefaultValue());
  }

  private static String said(String name, Tree tree, CompilationUnitTree unit, DocTrees docs) {
    var comment = docs.getDocCommentTree(TreePath.getPath(unit, tree));
    if (comment == null) {
      throw new IllegalStateException(name + " has no Javadoc");
    }
    return Stream.concat(
            Stream.of(text(comment.getFullBody())),
            comment.getBlockTags().stream().map(JavaPage::tag))
        .filter(it -> !it.isEmpty())
        .collect(joining(" "));
  }

  private static String tag(DocTree tag) {
    return switch (tag) {
      case ParamTree it -> "`" + it.getName() + "`: " + ended(text(it.getDescription()));
      case ReturnTree it -> "Returns " + ended(text(it.getDescription()));
      case ThrowsTree it ->
          "Throws `" + it.getExceptionName() + "`: " + ended(text(it.getDescription()));
      default -> throw new IllegalStateException("not known: " + tag);
    };
  }

  private static String ended(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  private static String text(List<? extends DocTree> parts) {
    return parts.stream().map(JavaPage::text).collect(joining()).replaceAll("\\s+", " ").strip();
  }

  private static String text(DocTree part) {
    return switch (part) {
      case LiteralTree it -> "`" + it.getBody().getBody().strip() + "`";
      case LinkTree it ->
          "`" + it.getReference().getSignature().replaceFirst("^#", "").replace('#', '.') + "`";
      default -> part.getKind() == DocTree.Kind.START_ELEMENT ? " " : part.toString();
    };
  }
}
