package io.streamer.emulator.s3;

import io.vertx.core.buffer.Buffer;
import java.io.StringReader;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Uploads in parts that are under way; their parts are held in memory. */
final class ObjectUploads {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
  private static final int LEAST_PART = 5 * 1024 * 1024;
  private static final int MOST_PARTS = 10_000;

  private final ObjectShelf shelf;
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  private record Part(Buffer bytes, String md5) {
    String etag() {
      return "\"" + md5 + "\"";
    }
  }

  private record Upload(String key, String type, String disposition, Map<Integer, Part> parts) {}

  /** An object that is whole. */
  record Whole(String type, String disposition, String etag, Buffer bytes) {}

  ObjectUploads(ObjectShelf shelf) {
    this.shelf = shelf;
  }

  String begin(String key, String type, String disposition) {
    var id = UUID.randomUUID().toString();
    uploads.put(id, new Upload(key, type, disposition, new TreeMap<>()));
    return id;
  }

  /** How many are under way. */
  int size() {
    return uploads.size();
  }

  /** Takes a part and returns its ETag. */
  String part(String id, String key, String number, Buffer bytes) {
    var upload = find(id, key);
    if (!number.matches("\\d{1,5}")
        || Integer.parseInt(number) < 1
        || Integer.parseInt(number) > MOST_PARTS) {
      throw S3Error.refused(
          400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
    }
    shelf.reserve(bytes.length());
    var part =
        new Part(bytes, HexFormat.of().formatHex(S3Body.digest("MD5").digest(bytes.getBytes())));
    synchronized (upload) {
      var old = upload.parts().put(Integer.parseInt(number), part);
      if (old != null) {
        shelf.release(old.bytes().length());
      }
    }
    return part.etag();
  }

  /**
   * Puts the parts together that the client lists.
   *
   * @param list the request's XML
   */
  Whole complete(String id, String key, String list) {
    var upload = find(id, key);
    var bytes = Buffer.buffer();
    var md5 = S3Body.digest("MD5");
    int count = 0;
    synchronized (upload) {
      boolean small = false;
      for (var listed : parts(list).entrySet()) {
        var part = upload.parts().get(listed.getKey());
        if (part == null || !unquoted(part.etag()).equals(unquoted(listed.getValue()))) {
          throw S3Error.refused(
              400, "InvalidPart", "One or more of the specified parts could not be found.");
        }
        if (small) {
          throw S3Error.refused(
              400,
              "EntityTooSmall",
              "Your proposed upload is smaller than the minimum allowed size");
        }
        small = part.bytes().length() < LEAST_PART;
        bytes.appendBuffer(part.bytes());
        md5.update(HexFormat.of().parseHex(part.md5()));
        count++;
      }
    }
    abort(id, key);
    var etag = "\"" + HexFormat.of().formatHex(md5.digest()) + "-" + count + "\"";
    return new Whole(upload.type(), upload.disposition(), etag, bytes);
  }

  void abort(String id, String key) {
    var upload = find(id, key);
    uploads.remove(id);
    synchronized (upload) {
      upload.parts().values().forEach(part -> shelf.release(part.bytes().length()));
      upload.parts().clear();
    }
  }

  private Upload find(String id, String key) {
    var upload = uploads.get(id);
    if (upload == null || !upload.key().equals(key)) {
      throw S3Error.refused(
          404,
          "NoSuchUpload",
          "The specified upload does not exist. The upload ID may be invalid, or the upload may have"
              + " been aborted or completed.");
    }
    return upload;
  }

  /** The ETags by part number, which must rise. */
  private static Map<Integer, String> parts(String list) {
    var factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    var parts = new TreeMap<Integer, String>();
    try {
      var xml = factory.createXMLStreamReader(new StringReader(list));
      int number = 0;
      String etag = "";
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamReader.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "PartNumber" -> number = Integer.parseInt(xml.getElementText().strip());
            case "ETag" -> etag = xml.getElementText().strip();
            default -> {}
          }
        } else if (xml.isEndElement() && xml.getLocalName().equals("Part")) {
          if (!parts.isEmpty() && parts.lastKey() >= number) {
            throw S3Error.refused(
                400, "InvalidPartOrder", "The list of parts was not in ascending order.");
          }
          parts.put(number, etag);
        }
      }
    } catch (XMLStreamException | NumberFormatException _) {
      throw malformed();
    }
    if (parts.isEmpty()) {
      throw malformed();
    }
    return parts;
  }

  private static S3Error.Refused malformed() {
    return S3Error.refused(
        400, "MalformedXML", "The XML you provided was not well-formed or did not validate.");
  }

  private static String unquoted(String etag) {
    return etag.replace("\"", "");
  }
}
