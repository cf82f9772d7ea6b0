/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of who may call what: it knows every method there is, and no other, and reads their arguments
 * right. */
#include "pf-bus.h"
#include "pf-dbus.h"
#include "pf-demand.h"
#include "pf-test-folder.h"

#define HOME "/org/portferry1/profiles/home"
#define GUEST "/org/portferry1/profiles/guest"

typedef struct
{
  char *folder;
  char *sys;
  char *chipsets;
  PfRoots roots;
  PfMachine *machine;
  PfStore *store;
  PfSwitcher *switcher;
  PfServices services;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = pf_test_folder_new ();
  pf_test_folder_write (fixture->folder, "sys/bus/pci/devices/none", "");
  pf_test_folder_write (fixture->folder, "profiles.d/guest.profile", "[Profile]\nLabel=Guest\n");
  fixture->sys = g_build_filename (fixture->folder, "sys", NULL);
  fixture->chipsets = g_build_filename (fixture->folder, "none.conf", NULL);
  fixture->roots = (PfRoots){ .sys = fixture->sys,
                              .dev = fixture->sys,
                              .proc = fixture->sys,
                              .config = fixture->folder,
                              .runtime = fixture->folder,
                              .chipsets = fixture->chipsets };
  fixture->machine = pf_machine_new (&fixture->roots, &error);
  g_assert_no_error (error);
  fixture->store = pf_store_new (fixture->folder);
  fixture->switcher = pf_switcher_new (fixture->machine);
  fixture->services = (PfServices){ fixture->machine, fixture->store, fixture->switcher };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->switcher);
  g_object_unref (fixture->store);
  pf_machine_free (fixture->machine);
  g_free (fixture->chipsets);
  g_free (fixture->sys);
  pf_test_folder_remove (fixture->folder);
}

static PfDemand *
resolve (Fixture *fixture,
         const char *interface,
         const char *method,
         const char *path,
         const char *text,
         GError **error)
{
  g_autofree char *full = g_strconcat (PF_BUS_NAME ".", interface, NULL);
  g_autoptr (GVariant) parameters = g_variant_parse (NULL, text, NULL, NULL, NULL);

  g_assert_nonnull (parameters);
  return pf_demand_resolve (&fixture->services, full, method, path, parameters, error);
}

static PfDemand *
resolve_manager (Fixture *fixture, const char *method, const char *text)
{
  g_autoptr (GError) error = NULL;
  PfDemand *demand = resolve (fixture, "Manager", method, PF_BUS_MANAGER_PATH, text, &error);

  g_assert_no_error (error);
  return demand;
}

static void
check_action (Fixture *fixture, const char *method, const char *text, PfAction action)
{
  g_autoptr (PfDemand) demand = resolve_manager (fixture, method, text);

  g_assert_cmpint (demand->action, ==, action);
}

static void
check_refused (Fixture *fixture, const char *method, const char *text, PfError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfDemand) demand = resolve (fixture, "Manager", method, PF_BUS_MANAGER_PATH, text, &error);

  g_assert_null (demand);
  g_assert_error (error, PF_ERROR, (int) code);
}

static void
test_complete (void)
{
  GDBusInterfaceInfo *const interfaces[]
      = { pf_dbus_manager_interface_info (), pf_dbus_controller_interface_info (),
          pf_dbus_router_interface_info (), pf_dbus_profile_interface_info () };
  guint n_methods = 0;

  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    {
      for (guint j = 0; interfaces[i]->methods != NULL && interfaces[i]->methods[j] != NULL; j++, n_methods++)
        g_assert_true (pf_demand_is_known (interfaces[i]->name, interfaces[i]->methods[j]->name));
      for (guint j = 0; interfaces[i]->properties != NULL && interfaces[i]->properties[j] != NULL; j++)
        g_assert_cmpint (interfaces[i]->properties[j]->flags, ==, G_DBUS_PROPERTY_INFO_FLAGS_READABLE);
    }
  g_assert_cmpuint (n_methods, ==, 15);
}

static void
test_absent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  check_refused (fixture, "Destroy", "()", PF_ERROR_NOT_AUTHORIZED);
  check_refused (fixture, "apply", "(objectpath '" HOME "', @a{sv} {})", PF_ERROR_NOT_AUTHORIZED);
  g_assert_null (resolve (fixture, "Profile", "Apply", GUEST, "(objectpath '" HOME "', @a{sv} {})", &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NOT_AUTHORIZED);
}

/* What is taken apart before anybody was asked has a bound. */
static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *code = g_strnfill (100 * 1024, 'a');
  g_autofree char *long_code = g_strdup_printf ("(objectpath '" GUEST "', {'override': <['%s']>})", code);
  g_autofree char *long_id = g_strdup_printf ("('%s', @a{sv} {})", code);
  g_autoptr (GString) many = g_string_new ("(objectpath '" GUEST "', {'override': <[''");

  for (guint i = 0; i < 100 * 1024; i++)
    g_string_append (many, ",''");
  g_string_append (many, "]>})");
  check_refused (fixture, "Apply", long_code, PF_ERROR_LIMIT_EXCEEDED);
  check_refused (fixture, "Apply", many->str, PF_ERROR_LIMIT_EXCEEDED);
  check_refused (fixture, "AddProfile", long_id, PF_ERROR_LIMIT_EXCEEDED);
}

static void
test_actions (Fixture *fixture, gconstpointer data)
{
  check_action (fixture, "Preview", "(objectpath '/',)", PF_ACTION_OPEN);
  check_action (fixture, "RegisterInterest", "()", PF_ACTION_OPEN);
  check_action (fixture, "Apply", "(objectpath '" GUEST "', @a{sv} {})", PF_ACTION_APPLY);
  check_action (fixture, "Apply", "(objectpath '" HOME "', @a{sv} {})", PF_ACTION_HOME);
  check_action (fixture, "Apply", "(objectpath '" GUEST "', {'override': <['last-keyboard']>})",
                PF_ACTION_OVERRIDE);
  check_action (fixture, "Apply", "(objectpath '" HOME "', {'override': <['mounted']>})", PF_ACTION_OVERRIDE);
  check_action (fixture, "Apply", "(objectpath '" GUEST "', {'override': <@as []>})", PF_ACTION_APPLY);
  check_action (fixture, "ReturnAll", "(@a{sv} {},)", PF_ACTION_HOME);
  check_action (fixture, "AddProfile", "('new', @a{sv} {})", PF_ACTION_EDIT);
  check_action (fixture, "LabelPort", "(objectpath '/', 'a', 'b')", PF_ACTION_EDIT);
  check_action (fixture, "LabelSocket", "(objectpath '/', 'a', {'place': <'rear'>})", PF_ACTION_EDIT);
  check_action (fixture, "TryPort", "(objectpath '/', 'a', @a{sv} {})", PF_ACTION_EDIT);
  check_refused (fixture, "TryPort", "(objectpath '/', 'a', {'override': <['mounted']>})", PF_ERROR_INVALID_ARGUMENT);
  check_action (fixture, "PreviewDetails", "({'label': <'x'>},)", PF_ACTION_OPEN);
  check_refused (fixture, "PreviewDetails", "({'Label': <'x'>},)", PF_ERROR_INVALID_ARGUMENT);
  check_refused (fixture, "LabelSocket", "(objectpath '/', 'a', {'place': <1>})", PF_ERROR_INVALID_ARGUMENT);
}

static void
test_toggle (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfDemand) only = resolve_manager (fixture, "Toggle", "(@a{sv} {},)");
  g_autoptr (PfDemand) home = NULL;
  g_autoptr (PfDemand) previous = NULL;
  g_autoptr (PfDemand) gone = NULL;
  g_autoptr (PfProfile) second = pf_profile_new ("second");

  g_assert_cmpstr (only->profile->id, ==, "guest");
  g_assert_cmpint (only->action, ==, PF_ACTION_APPLY);
  g_assert_true (pf_store_add (fixture->store, second, NULL));
  home = resolve_manager (fixture, "Toggle", "(@a{sv} {},)");
  g_assert_cmpstr (home->profile->id, ==, "home");
  g_assert_cmpint (home->action, ==, PF_ACTION_HOME);
  pf_ledger_set_profiles (pf_machine_get_ledger (fixture->machine), NULL, "second", NULL);
  previous = resolve_manager (fixture, "Toggle", "(@a{sv} {},)");
  g_assert_cmpstr (previous->profile->id, ==, "second");
  g_assert_true (pf_store_remove (fixture->store, "second", NULL));
  gone = resolve_manager (fixture, "Toggle", "(@a{sv} {},)");
  g_assert_cmpstr (gone->profile->id, ==, "guest");
}

static void
test_bad_arguments (Fixture *fixture, gconstpointer data)
{
  static const char *const options[] = {
    "{'colour': <'red'>}",
    "{'origin': <'guard'>}",
    "{'origin': <'guard'>}",
    "{'origin': <uint32 1>}",
    "{'override': <'mounted'>}",
    "{'override': <['../x']>}",
    "{'override': <['']>}",
    "{'confirm-seconds': <'5'>}",
    "{'confirm-seconds': <uint32 0>}",
    "{'no-interaction': <'1'>}",
    "{'confirm-seconds': <uint32 4>}",
    "{'confirm-seconds': <uint32 121>}",
    "{'origin': <'ctl'>, 'origin': <'ctl'>}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *apply = g_strdup_printf ("(objectpath '" GUEST "', %s)", options[i]);
      g_autofree char *toggle = g_strdup_printf ("(%s,)", options[i]);

      check_refused (fixture, "Apply", apply, PF_ERROR_INVALID_ARGUMENT);
      check_refused (fixture, "Toggle", toggle, PF_ERROR_INVALID_ARGUMENT);
      check_refused (fixture, "ReturnAll", toggle, PF_ERROR_INVALID_ARGUMENT);
    }
  check_refused (fixture, "ReturnAll", "({'override': <['mounted']>},)", PF_ERROR_INVALID_ARGUMENT);
  check_refused (fixture, "Apply", "(objectpath '/org/portferry1/profiles/none', @a{sv} {})",
                 PF_ERROR_NO_SUCH_PROFILE);
  check_refused (fixture, "Apply", "(objectpath '/etc', @a{sv} {})", PF_ERROR_NO_SUCH_PROFILE);
  check_refused (fixture, "AddProfile", "('../x', @a{sv} {})", PF_ERROR_INVALID_ARGUMENT);
  check_refused (fixture, "AddProfile", "('x', {'origin': <'ctl'>})", PF_ERROR_INVALID_ARGUMENT);
  check_refused (fixture, "AddProfile", "('x', {'ports': <'all'>})", PF_ERROR_INVALID_ARGUMENT);
  check_refused (fixture, "Confirm", "('',)", PF_ERROR_NO_SUCH_TRANSACTION);
  check_refused (fixture, "Revert", "('x',)", PF_ERROR_NO_SUCH_TRANSACTION);
}

static void
test_edits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfDemand) update = resolve (fixture, "Profile", "Update", GUEST, "({'label': <'x'>},)", &error);

  g_assert_no_error (error);
  g_assert_cmpint (update->action, ==, PF_ACTION_EDIT);
  g_assert_cmpstr (update->profile->id, ==, "guest");
  g_assert_null (resolve (fixture, "Profile", "Update", HOME, "({'label': <'x'>},)", &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (resolve (fixture, "Profile", "Remove", HOME, "()", &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
}

/* What was asked about is another thing as soon as the profile says something else. */
static void
test_fingerprint (Fixture *fixture, gconstpointer data)
{
  const char *text = "(objectpath '" GUEST "', @a{sv} {})";
  g_autoptr (PfDemand) before = resolve_manager (fixture, "Apply", text);
  g_autoptr (PfDemand) same = resolve_manager (fixture, "Apply", text);
  g_autoptr (PfDemand) other = NULL;
  g_autoptr (PfProfile) changed = pf_profile_copy (before->profile);

  g_assert_true (pf_demand_is_same (before, same));
  g_assert_true (pf_profile_set_vfio_user (changed, "mallory", NULL));
  g_assert_true (pf_store_update (fixture->store, changed, NULL));
  other = resolve_manager (fixture, "Apply", text);
  g_assert_false (pf_demand_is_same (before, other));
  g_assert_null (before->profile->vfio_user);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demand/complete", test_complete);
#define ADD(name, function) g_test_add ("/demand/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("absent", test_absent);
  ADD ("too-large", test_too_large);
  ADD ("actions", test_actions);
  ADD ("toggle", test_toggle);
  ADD ("bad-arguments", test_bad_arguments);
  ADD ("edits", test_edits);
  ADD ("fingerprint", test_fingerprint);
  return g_test_run ();
}
