package io.streamer.emulator.dynamo;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A statement for DynamoDB Local's own database. What that takes is a class that extends one of its
 * own, against which we do not compile: it is written here.
 */
final class StatementJob {
  private static final String PACKAGE = "com.almworks.sqlite4java";
  private static final ClassDesc JOB = ClassDesc.of(PACKAGE, "SQLiteJob");
  private static final ClassDesc CONNECTION = ClassDesc.of(PACKAGE, "SQLiteConnection");

  /** A loader has no two classes of one name. */
  private static final AtomicInteger WRITTEN = new AtomicInteger();

  private StatementJob() {}

  /**
   * Has it run on the database's thread, and waits.
   *
   * @param queue the database's
   * @throws ReflectiveOperationException if there is no such queue, or the statement fails
   */
  static void run(Object queue, String statement) throws ReflectiveOperationException {
    var loader = queue.getClass().getClassLoader();
    var type = Class.forName(PACKAGE + ".SQLiteJob", true, loader);
    var job =
        MethodHandles.privateLookupIn(type, MethodHandles.lookup())
            .defineClass(written(statement))
            .getConstructor()
            .newInstance();
    Class.forName(PACKAGE + ".SQLiteQueue", true, loader)
        .getMethod("execute", type)
        .invoke(queue, job);
    type.getMethod("complete").invoke(job);
    if (type.getMethod("getError").invoke(job) instanceof Throwable error) {
      throw new InvocationTargetException(error, statement);
    }
  }

  /** {@code class … extends SQLiteJob { Object job(SQLiteConnection c) { return c.exec(…); } }}. */
  private static byte[] written(String statement) {
    return ClassFile.of()
        .build(
            ClassDesc.of(PACKAGE, "Statement" + WRITTEN.incrementAndGet()),
            type ->
                type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                    .withSuperclass(JOB)
                    .withMethodBody(
                        INIT_NAME,
                        MTD_void,
                        ClassFile.ACC_PUBLIC,
                        code -> code.aload(0).invokespecial(JOB, INIT_NAME, MTD_void).return_())
                    .withMethodBody(
                        "job",
                        MethodTypeDesc.of(CD_Object, CONNECTION),
                        ClassFile.ACC_PROTECTED,
                        code ->
                            code.aload(1)
                                .ldc(statement)
                                .invokevirtual(
                                    CONNECTION, "exec", MethodTypeDesc.of(CONNECTION, CD_String))
                                .areturn()));
  }
}
