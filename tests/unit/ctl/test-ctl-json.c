/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>

#include "ctl-run.h"

/* The JSON is an interface: these are the keys that portferryctl(1) promises. */

static void
assert_keys (JsonObject *object, const char *keys)
{
  g_auto (GStrv) expected = g_strsplit (keys, " ", -1);
  g_autoptr (GList) members = json_object_get_members (object);

  for (char **key = expected; *key != NULL; key++)
    if (!json_object_has_member (object, *key))
      g_error ("The key %s is missing", *key);
  g_assert_cmpuint (g_list_length (members), ==, g_strv_length (expected));
}

static JsonNode *
run_json (const char *line, int code)
{
  g_autoptr (CtlRun) run = ctl_run (line);

  if (run->code != code)
    g_error ("“%s” ended with %d: %s", line, run->code, run->out);
  g_assert_cmpstr (run->err, ==, "");
  return ctl_run_parse (run);
}

static void
test_status (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *status, *router;

  g_object_set (fixture->mock->manager, "problem", "A member blocks.", "problem-code", "GroupNotViable",
                "state", "awaiting-confirmation", "deadline", G_GUINT64_CONSTANT (1700000000000000), NULL);
  node = run_json ("--json", 0);
  status = json_node_get_object (node);
  assert_keys (status,
               "state active-profile previous-profile problem problem-code built-in-input transaction deadline lent routers "
               "version");
  g_assert_cmpstr (json_object_get_string_member (status, "state"), ==, "awaiting-confirmation");
  g_assert_cmpstr (json_object_get_string_member (status, "active-profile"), ==, "home");
  g_assert_true (json_object_get_null_member (status, "previous-profile"));
  g_assert_cmpstr (json_object_get_string_member (status, "problem"), ==, "A member blocks.");
  g_assert_cmpstr (json_object_get_string_member (status, "problem-code"), ==, "GroupNotViable");
  g_assert_cmpint (json_object_get_int_member (status, "deadline"), ==, G_GINT64_CONSTANT (1700000000000000));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (status, "routers")), ==, 1);
  router = json_array_get_object_element (json_object_get_array_member (status, "routers"), 0);
  assert_keys (router, "address chipset value value-hex writable-mask writable-mask-hex super-speed-value "
                       "super-speed-value-hex");
  g_assert_cmpstr (json_object_get_string_member (router, "address"), ==, "0000:00:14.0");
  g_assert_cmpint (json_object_get_int_member (router, "value"), ==, 0x30ff);
  g_assert_cmpstr (json_object_get_string_member (router, "value-hex"), ==, "0x30ff");
  g_assert_cmpstr (json_object_get_string_member (router, "writable-mask-hex"), ==, "0x3fff");
}

static void
test_controllers (Fixture *fixture, gconstpointer data)
{
  static const char *const order[] = { "0000:00:14.0", "0000:00:1a.0", "0000:21:00.3", "10000:e1:00.0" };
  g_autoptr (JsonNode) node = run_json ("controllers --json", 0);
  JsonArray *controllers = json_node_get_array (node);
  JsonObject *card, *amd, *member;

  g_assert_cmpuint (json_array_get_length (controllers), ==, G_N_ELEMENTS (order));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      JsonObject *controller = json_array_get_object_element (controllers, i);

      assert_keys (controller,
                   "address kind vendor device subsystem name driver owner lent-by lender lender-code give-back iommu-group "
                   "removable reset-methods holder group-members root-hubs devices problem problem-code warning");
      g_assert_cmpstr (json_object_get_string_member (controller, "address"), ==, order[i]);
    }
  card = json_array_get_object_element (controllers, 3);
  g_assert_true (json_object_get_null_member (card, "driver"));
  g_assert_true (json_object_get_null_member (card, "iommu-group"));
  g_assert_true (json_object_get_null_member (card, "subsystem"));
  g_assert_cmpstr (json_object_get_string_member (card, "problem-code"), ==, "NoIommu");
  amd = json_array_get_object_element (controllers, 2);
  g_assert_cmpint (json_object_get_int_member (amd, "iommu-group"), ==, 21);
  g_assert_cmpstr (json_object_get_string_member (amd, "lent-by"), ==, "others");
  member = json_array_get_object_element (json_object_get_array_member (amd, "group-members"), 2);
  assert_keys (member, "address name driver class vendor device bridge");
  g_assert_true (json_object_get_null_member (member, "driver"));
  g_assert_false (json_object_get_boolean_member (member, "bridge"));
}

static void
test_devices (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) node = run_json ("controllers --json", 0);
  JsonObject *xhci = json_array_get_object_element (json_node_get_array (node), 0);
  JsonArray *devices = json_object_get_array_member (xhci, "devices");
  JsonObject *receiver = json_array_get_object_element (devices, 0);
  JsonObject *stick = json_array_get_object_element (devices, 1);

  assert_keys (receiver, "sysname port vendor product name speed hub input storage");
  g_assert_cmpstr (json_object_get_string_member (receiver, "input"), ==, "keyboard pointer");
  g_assert_true (json_object_get_null_member (stick, "port"));
  g_assert_true (json_object_get_boolean_member (stick, "storage"));
  assert_keys (json_array_get_object_element (json_object_get_array_member (xhci, "root-hubs"), 0),
               "bus speed ports");
}

static void
test_ports (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) node = run_json ("ports --json", 0);
  JsonArray *routers = json_node_get_array (node);
  JsonObject *port;

  g_assert_cmpuint (json_array_get_length (routers), ==, 1);
  port = json_array_get_object_element (
      json_object_get_array_member (json_array_get_object_element (routers, 0), "ports"), 1);
  assert_keys (port, "name bit label side owner movable ehci ehci-port xhci-port devices place colour");
  g_assert_cmpstr (json_object_get_string_member (port, "name"), ==, "ehci2/1");
  g_assert_cmpint (json_object_get_int_member (port, "bit"), ==, 8);
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (port, "devices"), 0), ==,
                   "USB 键盘和鼠标接收器");
}

static void
test_profiles (Fixture *fixture, gconstpointer data)
{
  static const char *const order[] = { "home", "all-usb", "games" };
  g_autoptr (JsonNode) node = run_json ("profiles --json", 0);
  JsonArray *profiles = json_node_get_array (node);

  g_assert_cmpuint (json_array_get_length (profiles), ==, G_N_ELEMENTS (order));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      JsonObject *profile = json_array_get_object_element (profiles, i);

      assert_keys (profile,
                   "id label icon active built-in controllers ports side vfio-user vfio-group qmp libvirt-domain libvirt-uri "
                   "confirm confirm-seconds on-vm-exit super-speed-off lock-on-switch guest-may-switch valid problem "
                   "problem-code");
      g_assert_cmpstr (json_object_get_string_member (profile, "id"), ==, order[i]);
      g_assert_cmpint (json_object_get_boolean_member (profile, "active"), ==, i == 0);
    }
}

static void
test_preview (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) node = run_json ("preview games --json", 0);
  JsonObject *preview = json_node_get_object (node);
  JsonObject *objection, *move;

  assert_keys (preview, "steps moves objections");
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (preview, "steps"), 1), ==,
                   "Route ports ehci2/1 to ehci2/4 to EHCI #2");
  assert_keys (json_array_get_object_element (json_object_get_array_member (preview, "moves"), 0),
               "kind name address from to input storage");
  move = json_array_get_object_element (json_object_get_array_member (preview, "moves"), 1);
  g_assert_cmpstr (json_object_get_string_member (move, "input"), ==, "keyboard pointer");
  g_assert_false (json_object_get_boolean_member (move, "storage"));
  objection = json_array_get_object_element (json_object_get_array_member (preview, "objections"), 0);
  assert_keys (objection, "code severity message address what");
  g_assert_cmpstr (json_object_get_string_member (objection, "code"), ==, "last-keyboard");
  g_assert_cmpstr (json_object_get_string_member (objection, "severity"), ==, "soft");
  g_assert_true (json_object_get_null_member (objection, "what"));
  objection = json_array_get_object_element (json_object_get_array_member (preview, "objections"), 1);
  g_assert_cmpstr (json_object_get_string_member (objection, "what"), ==, "sdb1");
}

static void
test_verbs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) switched = run_json ("switch games --json", 0);
  g_autoptr (JsonNode) toggled = run_json ("toggle --json", 0);
  g_autoptr (JsonNode) home = run_json ("home --json", 0);
  g_autoptr (JsonNode) confirmed = run_json ("confirm t-7 --json", 0);
  g_autoptr (JsonNode) added = run_json ("add new-one --label 'New one' --json", 0);
  g_autoptr (JsonNode) removed = run_json ("remove new-one --json", 0);
  g_autoptr (JsonNode) labelled = run_json ("label 00:14.0 bit/8 back --json", 0);

  assert_keys (json_node_get_object (switched), "profile transaction deadline moves");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (switched), "profile"), ==, "games");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (switched), "transaction"), ==,
                   MOCK_TRANSACTION);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (toggled), "profile"), ==, "home");
  assert_keys (json_node_get_object (home), "profile moves left");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (confirmed), "transaction"), ==,
                   "t-7");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (added), "label"), ==, "New one");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (removed), "removed"), ==, "new-one");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (labelled), "port"), ==, "ehci2/1");
}

static void
test_left (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *home;

  fixture->mock->left = g_variant_ref_sink (g_variant_new_parsed (
      "[{'address': <'0000:00:1a.0'>, 'name': <'EHCI #2'>, 'message': <'held by qemu (1)'>}]"));
  node = run_json ("home --json", 4);
  home = json_node_get_object (node);
  assert_keys (home, "profile moves left error");
  assert_keys (json_array_get_object_element (json_object_get_array_member (home, "left"), 0),
               "address name message");
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (home, "error"), "code"), ==,
                   "Held");
}

static void
test_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *error;

  mock_helper_refuse (fixture->mock, PF_ERROR_NO_IOMMU, "Start Linux with intel_iommu=on.");
  node = run_json ("switch games --json", 4);
  assert_keys (json_node_get_object (node), "error");
  error = json_object_get_object_member (json_node_get_object (node), "error");
  assert_keys (error, "code message");
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, "NoIommu");
  g_assert_cmpstr (json_object_get_string_member (error, "message"), ==, "Start Linux with intel_iommu=on.");
}

static void
test_usage_error (Fixture *fixture, gconstpointer data)
{
  static const char *const lines[]
      = { "nonsense --json",      "--json nonsense",          "switch --json",
          "switch a b --json",    "--json switch --nonsense", "add x --controller 1 --json",
          "add x --port 3 --json" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (JsonNode) node = run_json (lines[i], 2);
      JsonObject *error = json_object_get_object_member (json_node_get_object (node), "error");

      g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, "InvalidArgument");
    }
}

static void
test_objection (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) node = NULL;

  mock_helper_refuse (fixture->mock, PF_ERROR_OBJECTION, "It is the last keyboard.");
  node = run_json ("switch games --json", 4);
  assert_keys (json_node_get_object (node), "error objections");
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (json_node_get_object (node), "objections")), ==,
      2);
}

static void
on_line_read (GObject *source, GAsyncResult *result, gpointer data)
{
  *(char **) data = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

/* Reads events until one of the kind @event comes. */
static JsonNode *
await_event (GDataInputStream *events, const char *event)
{
  for (;;)
    {
      g_autofree char *line = NULL;
      g_autoptr (JsonNode) node = NULL;

      g_data_input_stream_read_line_async (events, G_PRIORITY_DEFAULT, NULL, on_line_read, &line);
      fixture_wait_for (is_set, &line);
      node = json_from_string (line, NULL);
      g_assert_nonnull (node);
      if (g_str_equal (json_object_get_string_member (json_node_get_object (node), "event"), event))
        return g_steal_pointer (&node);
    }
}

static void
test_monitor (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) monitor = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL,
                                                      g_getenv ("PF_TEST_CTL"), "monitor", "--json", NULL);
  g_autoptr (GDataInputStream) events = g_data_input_stream_new (g_subprocess_get_stdout_pipe (monitor));
  g_autoptr (JsonNode) changed = await_event (events, "changed");
  g_autoptr (JsonNode) switched = NULL;
  g_autoptr (JsonNode) failed = NULL;
  g_autoptr (JsonNode) absent = NULL;

  assert_keys (json_node_get_object (changed), "event status");
  mock_helper_emit_switched (fixture->mock, PF_BUS_PROFILES_PATH "/games");
  switched = await_event (events, "switched");
  assert_keys (json_node_get_object (switched), "event profile origin moves");
  pf_dbus_manager_emit_switch_failed (fixture->mock->manager, PF_BUS_PROFILES_PATH "/games", "hotkey",
                                      PF_BUS_ERROR_PREFIX "Held", "qemu has it.");
  failed = await_event (events, "switch-failed");
  assert_keys (json_node_get_object (failed), "event profile origin error");
  mock_helper_vanish (fixture->mock);
  absent = await_event (events, "absent");
  assert_keys (json_node_get_object (absent), "event");
  g_subprocess_send_signal (monitor, SIGTERM);
  g_subprocess_wait (monitor, NULL, NULL);
}

#define ADD(path, function)                                                                                  \
  g_test_add ("/ctl/json/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("status", test_status);
  ADD ("controllers", test_controllers);
  ADD ("devices", test_devices);
  ADD ("ports", test_ports);
  ADD ("profiles", test_profiles);
  ADD ("preview", test_preview);
  ADD ("verbs", test_verbs);
  ADD ("left", test_left);
  ADD ("error", test_error);
  ADD ("usage-error", test_usage_error);
  ADD ("objection", test_objection);
  ADD ("monitor", test_monitor);
  return g_test_run ();
}
