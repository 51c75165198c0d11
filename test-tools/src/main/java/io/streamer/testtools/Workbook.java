package io.streamer.testtools;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the cells of an XLSX file as ECMA-376 describes it, from its start to its end as a reader
 * does that has no file, and finds each part by what the others say of it.
 */
public final class Workbook {
  private static final String RELATIONS =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  private static final String FOLDER = "xl/";
  private static final XMLInputFactory XML = XMLInputFactory.newFactory();

  private final Map<String, byte[]> parts = new HashMap<>();

  private Workbook(byte[] file) throws IOException {
    try (var zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        parts.put(entry.getName(), zip.readAllBytes());
      }
    }
  }

  /**
   * The rows of each sheet by the sheet's name, in the workbook's order; a cell is a text or a
   * double.
   *
   * @throws IllegalArgumentException if a part is missing
   */
  public static Map<String, List<List<Object>>> read(byte[] file)
      throws IOException, XMLStreamException {
    return new Workbook(file).sheets();
  }

  private Map<String, List<List<Object>>> sheets() throws XMLStreamException {
    var targets = new HashMap<String, String>();
    each(
        "_rels/workbook.xml.rels",
        "Relationship",
        xml -> targets.put(attribute(xml, "Id"), attribute(xml, "Target")));
    var texts = new ArrayList<String>();
    if (targets.containsValue("sharedStrings.xml")) {
      each("sharedStrings.xml", "si", xml -> texts.add(textIn(xml, "si", "t")));
    }
    var sheets = new LinkedHashMap<String, List<List<Object>>>();
    each(
        "workbook.xml",
        "sheet",
        xml -> {
          var target = targets.get(xml.getAttributeValue(RELATIONS, "id"));
          sheets.put(attribute(xml, "name"), rows(requireNonNull(target, "no such sheet"), texts));
        });
    return sheets;
  }

  private List<List<Object>> rows(String part, List<String> texts) throws XMLStreamException {
    var rows = new ArrayList<List<Object>>();
    var xml = open(part);
    while (xml.hasNext()) {
      if (xml.next() != XMLStreamReader.START_ELEMENT) {
        continue;
      }
      if (xml.getLocalName().equals("row")) {
        rows.add(new ArrayList<>());
      } else if (xml.getLocalName().equals("c")) {
        rows.getLast().add(cell(xml, texts));
      }
    }
    return rows;
  }

  private static Object cell(XMLStreamReader xml, List<String> texts) throws XMLStreamException {
    var type = xml.getAttributeValue(null, "t");
    return switch (type == null ? "n" : type) {
      case "n" -> Double.valueOf(textIn(xml, "c", "v"));
      case "s" -> texts.get(Integer.parseInt(textIn(xml, "c", "v")));
      case "inlineStr" -> textIn(xml, "c", "t");
      default -> throw new IllegalArgumentException("a cell of the type " + type);
    };
  }

  /** What stands in the elements of a name, up to the end of the one that is open. */
  private static String textIn(XMLStreamReader xml, String open, String name)
      throws XMLStreamException {
    var text = new StringBuilder();
    while (!(xml.next() == XMLStreamReader.END_ELEMENT && xml.getLocalName().equals(open))) {
      if (xml.isStartElement() && xml.getLocalName().equals(name)) {
        text.append(xml.getElementText());
      }
    }
    return text.toString();
  }

  private void each(String part, String element, Visit visit) throws XMLStreamException {
    var xml = open(part);
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamReader.START_ELEMENT && xml.getLocalName().equals(element)) {
        visit.at(xml);
      }
    }
  }

  private XMLStreamReader open(String part) throws XMLStreamException {
    byte @Nullable [] content = parts.get(FOLDER + part);
    if (content == null) {
      throw new IllegalArgumentException("no part " + part);
    }
    return XML.createXMLStreamReader(new ByteArrayInputStream(content));
  }

  private static String attribute(XMLStreamReader xml, String name) {
    return requireNonNull(xml.getAttributeValue(null, name), name);
  }

  @FunctionalInterface
  private interface Visit {
    void at(XMLStreamReader xml) throws XMLStreamException;
  }
}
