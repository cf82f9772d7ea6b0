/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors that a person can act on: each comes under its own name, says what to do, and leaves everything as
 * it was. The first argument is the board that with-board was given. */
#include <string.h>

#include <glib/gstdio.h>

#include "pf-test-helper.h"

#define GUEST PF_BUS_PROFILES_PATH "/guest"
#define LEND_EHCI "{'controllers': <['0000:00:1a.0']>}"
#define ROUTE_ONE "{'ports': <['ehci2/3']>, 'side': <'ehci'>}"

/* Applies a profile as the active user. The error has to be of @code, to say each of @words, and to change
 * nothing. */
static void
check_apply (const char *id, PfError code, const char *const *words)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autofree char *parameters = g_strdup_printf ("(objectpath '%s', @a{sv} {})", path);
  PfTestCall call = { "Manager", "Apply", PF_BUS_MANAGER_PATH, parameters };
  g_autofree char *before = pf_test_snapshot ();
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = pf_test_try ("active", PF_DESK_CALL_NONE, &call, &error);

  g_assert_null (answer);
  g_assert_error (error, PF_ERROR, (int) code);
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (error->message, words[i]) == NULL)
      g_error ("“%s” does not say “%s”", error->message, words[i]);
  after = pf_test_snapshot ();
  g_assert_cmpstr (before, ==, after);
}

static void
check_property (const char *object, const char *interface, const char *property, const char *expected)
{
  g_autofree char *value = pf_test_get (object, interface, property);

  g_assert_cmpstr (value, ==, expected);
}

static void
write_profile (const char *id, const char *text)
{
  g_autofree char *name = g_strconcat (id, ".profile", NULL);
  g_autofree char *path = g_build_filename (g_getenv ("PF_STATE"), "etc/portferry/profiles.d", name, NULL);
  g_autofree char *object = pf_bus_profile_path (id);
  g_autofree char *quoted = g_strdup_printf ("'%s'", id);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (pf_desk_wait_for_property (object, PF_TEST_PROFILE, "Id", quoted, 2000));
}

static void
refuse_profile (const char *settings, PfError code)
{
  g_autofree char *parameters = g_strdup_printf ("('new', %s)", settings);
  PfTestCall call = { "Manager", "AddProfile", PF_BUS_MANAGER_PATH, parameters };

  pf_test_refuse ("root", PF_DESK_CALL_NONE, &call, code);
}

static void
test_arguments (void)
{
  static const PfTestCall others[] = {
    { "Manager", "AddProfile", PF_BUS_MANAGER_PATH, "('Guest', @a{sv} {})" },
    { "Manager", "AddProfile", PF_BUS_MANAGER_PATH, "('../guest', @a{sv} {})" },
    { "Profile", "Update", PF_TEST_HOME, "({'label': <'x'>},)" },
    { "Profile", "Remove", PF_TEST_HOME, "()" },
    { "Manager", "LabelPort", PF_BUS_MANAGER_PATH,
      "(objectpath '/org/portferry1/controllers/0000_00_14_0', 'ehci3/1', 'x')" },
    { "Manager", "LabelPort", PF_BUS_MANAGER_PATH,
      "(objectpath '/org/portferry1/controllers/0000_00_14_0', 'ehci1/1', 'a\\nb')" },
#define SOCKET(socket, settings)                                                                             \
  { "Manager", "LabelSocket", PF_BUS_MANAGER_PATH,                                                           \
    "(objectpath '/org/portferry1/controllers/0000_00_14_0', '" socket "', " settings ")" }
    SOCKET ("ehci3/1", "{'place': <'rear'>}"),
    SOCKET ("usb/0", "{'place': <'rear'>}"),
    SOCKET ("usb/01", "{'place': <'rear'>}"),
    SOCKET ("usb/256", "{'place': <'rear'>}"),
    SOCKET ("ehci1/1.place", "{'label': <'rear'>}"),
    SOCKET ("ehci1/1", "{'place': <'below'>}"),
    SOCKET ("ehci1/1", "{'colour': <'#ff0000'>}"),
    SOCKET ("ehci1/1", "{'label': <'a\\nb'>}"),
    SOCKET ("ehci1/1", "{'size': <'a'>}"),
#undef SOCKET
    { "Manager", "PreviewDetails", PF_BUS_MANAGER_PATH, "({'controllers': <['../../etc/passwd']>},)" },
    { "Manager", "PreviewDetails", PF_BUS_MANAGER_PATH, "({'ports': <['ehci1/9']>},)" },
    { "Manager", "PreviewDetails", PF_BUS_MANAGER_PATH, "({'label': <'a\\nb'>},)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    pf_test_refuse ("root", PF_DESK_CALL_NONE, &others[i], PF_ERROR_INVALID_ARGUMENT);
  refuse_profile ("{'controllers': <['00:1a']>}", PF_ERROR_INVALID_ARGUMENT);
  refuse_profile ("{'controllers': <['../../etc/passwd']>}", PF_ERROR_INVALID_ARGUMENT);
  refuse_profile ("{'controllers': <['00:1a.8']>}", PF_ERROR_INVALID_ARGUMENT);
  refuse_profile ("{'controllers': <['0000:55:00.0']>}", PF_ERROR_NO_SUCH_DEVICE);
  refuse_profile ("{'controllers': <['00:02.0']>}", PF_ERROR_NOT_USB_CONTROLLER);
  refuse_profile ("{'ports': <['ehci1/9']>}", PF_ERROR_INVALID_ARGUMENT);
  refuse_profile ("{'side': <'left'>}", PF_ERROR_INVALID_ARGUMENT);
  refuse_profile ("{'label': <''>}", PF_ERROR_INVALID_ARGUMENT);
  refuse_profile ("{'vfio-user': <'a b'>}", PF_ERROR_INVALID_ARGUMENT);
  refuse_profile ("{'vfio-user': <1000>}", PF_ERROR_INVALID_ARGUMENT);
  refuse_profile ("{'Label': <'x'>}", PF_ERROR_INVALID_ARGUMENT);
}

static void
test_objects (void)
{
  static const PfTestCall label
      = { "Manager", "LabelPort", PF_BUS_MANAGER_PATH,
          "(objectpath '/org/portferry1/controllers/0000_00_1a_0', 'ehci1/1', 'x')" };
  static const PfTestCall nothing
      = { "Manager", "LabelPort", PF_BUS_MANAGER_PATH,
          "(objectpath '/org/portferry1/controllers/0000_00_1a_7', 'ehci1/1', 'x')" };

  static const PfTestCall no_such_socket
      = { "Manager", "LabelSocket", PF_BUS_MANAGER_PATH,
          "(objectpath '/org/portferry1/controllers/0000_00_1a_7', 'usb/1', {'label': <'x'>})" };
  g_autoptr (GString) many = g_string_new ("'all'");
  PfTestCall too_many = { "Manager", "PreviewDetails", PF_BUS_MANAGER_PATH, NULL };
  g_autofree char *ports = NULL;

  for (guint i = 0; i < 64; i++)
    g_string_append (many, ", 'all'");
  too_many.parameters = ports = g_strdup_printf ("({'ports': <[%s]>},)", many->str);
  pf_test_refuse ("inactive", PF_DESK_CALL_NONE, &too_many, PF_ERROR_LIMIT_EXCEEDED);
  pf_test_refuse ("root", PF_DESK_CALL_NONE, &no_such_socket, PF_ERROR_NO_SUCH_DEVICE);
  pf_test_refuse ("root", PF_DESK_CALL_NONE, &label, PF_ERROR_NO_ROUTING_REGISTER);
  pf_test_refuse ("root", PF_DESK_CALL_NONE, &nothing, PF_ERROR_NO_SUCH_DEVICE);
  pf_test_refuse_apply ("active", "nobody", "@a{sv} {}", PF_ERROR_NO_SUCH_PROFILE);
  pf_test_add_profile ("guest", LEND_EHCI);
  pf_test_refuse ("root", PF_DESK_CALL_NONE,
                  &(PfTestCall){ "Manager", "AddProfile", PF_BUS_MANAGER_PATH, "('guest', @a{sv} {})" },
                  PF_ERROR_PROFILE_EXISTS);
  pf_test_refuse_apply ("active", "guest", "{'colour': <'red'>}", PF_ERROR_INVALID_ARGUMENT);
  pf_test_refuse_apply ("active", "guest", "{'confirm-seconds': <uint32 1>}", PF_ERROR_INVALID_ARGUMENT);
}

static void
test_bad_profile (void)
{
  static const char *const user_words[] = { "nobody-by-this-name", NULL };
  static const char *const file_words[] = { "garbage", NULL };

  pf_test_add_profile ("user", "{'controllers': <['00:1a.0']>, 'vfio-user': <'nobody-by-this-name'>}");
  check_apply ("user", PF_ERROR_INVALID_PROFILE, user_words);
  pf_test_add_profile ("group", "{'controllers': <['00:1a.0']>, 'vfio-group': <'nobody-by-this-name'>}");
  check_apply ("group", PF_ERROR_INVALID_PROFILE, user_words);

  write_profile ("garbage", "this is no profile\n");
  check_property (PF_BUS_PROFILES_PATH "/garbage", PF_TEST_PROFILE, "Valid", "false");
  check_property (PF_BUS_PROFILES_PATH "/garbage", PF_TEST_PROFILE, "ProblemCode", "InvalidProfile");
  check_apply ("garbage", PF_ERROR_INVALID_PROFILE, file_words);
  pf_test_refuse ("root", PF_DESK_CALL_NONE,
                  &(PfTestCall){ "Profile", "Update", PF_BUS_PROFILES_PATH "/garbage",
                                 "({'label': <'x'>},)" },
                  PF_ERROR_INVALID_PROFILE);
}

static void
test_other_machine (void)
{
  static const char *const words[] = { "another machine", "0000:00:1a.0", NULL };

  write_profile ("foreign", "[Profile]\nFormat=1\nLabel=From elsewhere\n\n"
                            "[Controller 0000:00:1a.0]\nId=8086:8d2d\nPath=pci0000:00/1a.0\n");
  check_property (PF_BUS_PROFILES_PATH "/foreign", PF_TEST_PROFILE, "Valid", "false");
  check_property (PF_BUS_PROFILES_PATH "/foreign", PF_TEST_PROFILE, "ProblemCode", "BoardMismatch");
  check_apply ("foreign", PF_ERROR_BOARD_MISMATCH, words);
}

static void
test_objection (void)
{
  static const char *const words[] = { "last-keyboard", "Logitech USB Keyboard", NULL };
  g_autoptr (GVariant) preview = NULL;
  g_autoptr (GVariant) objections = NULL;
  g_autofree char *text = NULL;

  pf_test_add_profile ("keyboard", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/1']>}");
  preview = pf_test_manager ("remote", "Preview", "(objectpath '%s/keyboard',)", PF_BUS_PROFILES_PATH);
  objections = g_variant_get_child_value (preview, 2);
  text = g_variant_print (objections, FALSE);
  g_assert_nonnull (strstr (text, "'last-keyboard'"));
  g_assert_nonnull (strstr (text, "'soft'"));
  check_apply ("keyboard", PF_ERROR_OBJECTION, words);
}

static void
test_held (void)
{
  static const char *const words[] = { "qemu-system-x86 “win10” (4242)", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *transaction = pf_test_apply ("active", "guest", "@a{sv} {}");
  g_autoptr (GVariant) previewed = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *left = NULL;

  pf_desk_kernel_control ("hold 7 4242 qemu-system-x86"
                          " /usr/bin/qemu-system-x86_64 -name guest=win10,debug-threads=on",
                          &error);
  g_assert_no_error (error);
  /* Whoever looks first sees that it was taken, and notes that. */
  previewed = pf_test_manager ("active", "Preview", "(objectpath '" PF_TEST_HOME "',)");
  answer = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  left = g_variant_print (answer, FALSE);
  g_assert_nonnull (strstr (left, "'0000:00:1a.0'"));
  g_assert_nonnull (strstr (left, words[0]));
  /* That it is wanted home is on record by now; a switch to home says the same, and has nothing left to do. */
  check_apply ("home", PF_ERROR_HELD, words);
  check_property (PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0", PF_TEST_CONTROLLER, "Holder", words[0]);
  check_property (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "ActiveProfile", GUEST);

  pf_desk_kernel_control ("release 7", &error);
  g_assert_no_error (error);
  pf_test_go_home ();
}

static void
test_no_iommu (void)
{
  static const char *const words[] = { "firmware offers an IOMMU", "intel_iommu=on", NULL };

  pf_test_add_profile ("guest", LEND_EHCI);
  check_apply ("guest", PF_ERROR_NO_IOMMU, words);
  check_property (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "ProblemCode", "NoIommu");
  check_property (PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0", PF_TEST_CONTROLLER, "ProblemCode", "NoIommu");
  check_property (GUEST, PF_TEST_PROFILE, "ProblemCode", "NoIommu");
}

static void
test_no_vfio (void)
{
  static const char *const words[] = { "vfio-pci", NULL };

  pf_test_add_profile ("guest", LEND_EHCI);
  check_apply ("guest", PF_ERROR_VFIO_UNAVAILABLE, words);
  g_assert_cmpstr (pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:1a.0/driver"), ==, "ehci-pci");
}

static void
test_not_viable (void)
{
  static const char *const words[] = { "0000:00:18.1", "lpc_ich", "IOMMU group 7", NULL };

  pf_test_add_profile ("guest", "{'controllers': <['00:18.0']>}");
  check_apply ("guest", PF_ERROR_GROUP_NOT_VIABLE, words);
  check_property (PF_BUS_CONTROLLERS_PATH "/0000_00_18_0", PF_TEST_CONTROLLER, "ProblemCode",
                  "GroupNotViable");
  check_property (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "ProblemCode", "");
}

static void
test_no_register (void)
{
  static const char *const words[] = { "routing register", "controllers can still be lent", NULL };

  refuse_profile (ROUTE_ONE, PF_ERROR_NO_ROUTING_REGISTER);
  write_profile ("guest", "[Profile]\nFormat=1\nLabel=Guest\n\n[Ports 0000:00:14.0]\nGuest=ehci1/1\n");
  check_apply ("guest", PF_ERROR_NO_ROUTING_REGISTER, words);
}

static void
check_route_fails (PfError code, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  pf_test_add_profile ("guest", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/3']>}");
  answer = pf_test_try ("active", PF_DESK_CALL_NONE,
                        &(PfTestCall){ "Manager", "Apply", PF_BUS_MANAGER_PATH,
                                       "(objectpath '" GUEST "', @a{sv} {})" },
                        &error);
  g_assert_null (answer);
  g_assert_error (error, PF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
  /* It was lent first, and is back. */
  g_assert_cmpstr (pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:1a.0/driver"), ==, "ehci-pci");
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", 0xd0), ==, 0x3fff);
  check_property (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "ActiveProfile", PF_TEST_HOME);
  check_property (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "State", "idle");
}

static void
test_lockdown (void)
{
  check_route_fails (PF_ERROR_LOCKDOWN, "lockdown");
}

static void
test_verify (void)
{
  check_route_fails (PF_ERROR_VERIFY_FAILED, "0x");
}

/* Its only keyboard speaks against it as well; but whoever overrides that would gain nothing. */
static void
test_saved (void)
{
  static const char *const words[] = { "saved copy", NULL };
  g_autofree char *devices = NULL;

  check_property (PF_BUS_CONTROLLERS_PATH "/0000_00_14_0", PF_TEST_CONTROLLER, "Owner", "host");
  pf_test_add_profile ("guest", "{'controllers': <['00:14.0']>}");
  check_property (GUEST, PF_TEST_PROFILE, "Valid", "true");
  devices = pf_test_get (PF_BUS_CONTROLLERS_PATH "/0000_00_14_0", PF_TEST_CONTROLLER, "Devices");
  g_assert_nonnull (strstr (devices, "'keyboard'"));
  check_apply ("guest", PF_ERROR_READ_ONLY, words);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *board;
    const char *path;
    GTestFunc test;
  } tests[] = {
    { "z97", "/errors/arguments", test_arguments },
    { "z97", "/errors/objects", test_objects },
    { "z97", "/errors/bad-profile", test_bad_profile },
    { "z97", "/errors/other-machine", test_other_machine },
    { "z97", "/errors/objection", test_objection },
    { "z97", "/errors/held", test_held },
    { "no-iommu", "/errors/no-iommu", test_no_iommu },
    { "no-vfio", "/errors/no-vfio", test_no_vfio },
    { "odd", "/errors/not-viable", test_not_viable },
    { "laptop", "/errors/no-register", test_no_register },
    { "locked-down", "/errors/lockdown", test_lockdown },
    { "stuck", "/errors/verify", test_verify },
    { "saved", "/errors/saved", test_saved },
  };
  guint n = 0;

  pf_test_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    if (argc == 2 && g_str_equal (tests[i].board, argv[1]))
      {
        g_test_add_func (tests[i].path, tests[i].test);
        n++;
      }
  g_assert_cmpuint (n, >, 0);
  return g_test_run ();
}
