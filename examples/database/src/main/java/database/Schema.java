package database;

import java.sql.SQLException;
import javax.sql.DataSource;

/** The tables, and what is there at the beginning. A real one comes with a migration. */
final class Schema {
  private Schema() {}

  static void create(DataSource source) {
    try (var connection = source.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists stock (item varchar primary key, pieces bigint not null)");
      statement.execute(
          "create table if not exists delivery (id varchar primary key, item varchar not null,"
              + " pieces bigint not null)");
      statement.execute(
          "insert into stock select * from (values ('tea', 300), ('coffee', 20)) v(item, pieces)"
              + " where not exists (select 1 from stock)");
    } catch (SQLException e) {
      throw new IllegalStateException("the tables cannot be made", e);
    }
  }
}
