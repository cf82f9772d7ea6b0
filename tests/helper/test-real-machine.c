/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine as somebody has it: what is listed of it, what speaks against lending each of its controllers,
 * and that lending and refusing leave everything as it was. For any board: test-real-machine FILE [--print].
 * With --print it writes what FILE's expectations would be. */
#include <stdio.h>
#include <string.h>

#include "pf-test-expectations.h"
#include "pf-test-facts.h"
#include "pf-test-machine.h"

#define CLASS_USB 0x0c03

/**
 * Subject:
 * @function: a controller
 * @object: (nullable): what the helper says of it; NULL where it does not list it
 * @profile: id of the profile that lends it
 * @refusal: (nullable): why there can be no such profile
 * @hard: codes of what nobody can override
 * @soft: codes of what a person can
 * @notes: codes of what is only said
 *
 * One that is tested.
 */
typedef struct
{
  PfTestFunction *function;
  GVariant *object;
  char *profile;
  char *refusal;
  GPtrArray *hard;
  GPtrArray *soft;
  GPtrArray *notes;
} Subject;

static GPtrArray *functions;
static GPtrArray *subjects;
static GHashTable *expectations;

static void
subject_free (gpointer data)
{
  Subject *subject = data;

  g_clear_pointer (&subject->object, g_variant_unref);
  g_free (subject->profile);
  g_free (subject->refusal);
  g_clear_pointer (&subject->hard, g_ptr_array_unref);
  g_clear_pointer (&subject->soft, g_ptr_array_unref);
  g_clear_pointer (&subject->notes, g_ptr_array_unref);
  g_free (subject);
}

/* --- What the helper says --- */

/* Returns: (transfer full): the properties of each controller that the helper lists, by its address */
static GHashTable *
list_controllers (void)
{
  GHashTable *table
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = pf_desk_call_as ("root", PF_DESK_CALL_NONE, "/org/portferry1", "org.freedesktop.DBus.ObjectManager",
                         "GetManagedObjects", NULL, PF_TEST_TIMEOUT_MS, &error);
  g_autoptr (GVariant) objects = NULL;

  g_assert_no_error (error);
  objects = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (objects); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (objects, i);
      g_autoptr (GVariant) interfaces = g_variant_get_child_value (entry, 1);
      g_autoptr (GVariant) properties
          = g_variant_lookup_value (interfaces, PF_TEST_CONTROLLER, G_VARIANT_TYPE_VARDICT);
      char *address;

      if (properties != NULL && g_variant_lookup (properties, "Address", "s", &address))
        g_hash_table_insert (table, address, g_steal_pointer (&properties));
    }
  return table;
}

static void
assert_text (GVariant *dictionary, const char *key, const char *expected)
{
  const char *text = NULL;

  g_assert_true (g_variant_lookup (dictionary, key, "&s", &text));
  if (!g_str_equal (text, expected))
    g_error ("%s is “%s”, not “%s”", key, text, expected);
}

/* The helper publishes the driver that the board gives it. */
static void
assert_driver (GVariant *dictionary, const char *key, const PfTestFunction *function)
{
  g_autofree char *kernel = function->is_pci ? pf_test_get_driver (function->address) : NULL;

  if (kernel != NULL)
    assert_text (dictionary, key, kernel);
  if (function->driver != NULL)
    assert_text (dictionary, key, g_str_equal (function->driver, "none") ? "" : function->driver);
}

static void
assert_id (GVariant *dictionary, const PfTestFunction *function)
{
  g_auto (GStrv) id = g_strsplit (function->id, ":", 2);

  assert_text (dictionary, "vendor", id[0]);
  assert_text (dictionary, "device", id[1]);
}

static void
assert_member (GVariant *member)
{
  const char *address = NULL;
  const PfTestFunction *function;
  gboolean bridge = FALSE;

  g_assert_true (g_variant_lookup (member, "address", "&s", &address));
  function = pf_test_facts_find (functions, address);
  g_assert_nonnull (function);
  assert_driver (member, "driver", function);
  g_assert_true (g_variant_lookup (member, "bridge", "b", &bridge));
  g_assert_cmpint (bridge, ==, pf_test_facts_is_bridge (function));
  if (function->is_pci)
    assert_id (member, function);
}

/* All that the board has in the group, each once, and nothing else. */
static void
assert_members (const Subject *subject)
{
  g_autoptr (GPtrArray) expected = pf_test_facts_list_group (functions, subject->function);
  g_autoptr (GVariant) members
      = g_variant_lookup_value (subject->object, "GroupMembers", G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_assert_nonnull (members);
  for (gsize i = 0; i < g_variant_n_children (members); i++)
    {
      g_autoptr (GVariant) member = g_variant_get_child_value (members, i);
      char *address = NULL;

      assert_member (member);
      g_assert_true (g_variant_lookup (member, "address", "s", &address));
      g_assert_true (g_hash_table_add (seen, address));
    }
  for (guint i = 0; i < expected->len; i++)
    if (!g_hash_table_contains (seen, ((PfTestFunction *) expected->pdata[i])->address))
      g_error ("%s is not among the members", ((PfTestFunction *) expected->pdata[i])->address);
  g_assert_cmpuint (g_hash_table_size (seen), ==, expected->len);
}

/* --- Preparing --- */

/* Makes a profile that lends the controller, and looks at it. */
static void
add_profile (Subject *subject)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) objections = NULL;
  g_autofree char *parameters = NULL;

  subject->profile = g_strdelimit (g_strdup (subject->function->address), ":.", '-');
  parameters
      = g_strdup_printf ("('%s', {'controllers': <['%s']>})", subject->profile, subject->function->address);
  answer = pf_test_try ("root", PF_DESK_CALL_NONE,
                        &(PfTestCall){ "Manager", "AddProfile", PF_BUS_MANAGER_PATH, parameters }, &error);
  if (answer == NULL)
    {
      subject->refusal = pf_error_get_objection_code ((PfError) error->code);
      g_test_message ("%s: %s", subject->profile, error->message);
      return;
    }
  g_test_message ("%s:", subject->function->address);
  objections = pf_test_preview (subject->profile);
  subject->hard = pf_test_list_codes (objections, "hard");
  subject->soft = pf_test_list_codes (objections, "soft");
  subject->notes = pf_test_list_codes (objections, "note");
}

static void
add_subjects (void)
{
  g_autoptr (GHashTable) controllers = list_controllers ();

  for (guint i = 0; i < functions->len; i++)
    {
      PfTestFunction *function = functions->pdata[i];
      GVariant *object = g_hash_table_lookup (controllers, function->address);
      Subject *subject;

      if (object == NULL && !pf_test_facts_is_host_controller (function))
        continue;
      subject = g_new0 (Subject, 1);
      subject->function = function;
      g_ptr_array_add (subjects, subject);
      if (object == NULL)
        continue;
      subject->object = g_variant_ref (object);
      add_profile (subject);
    }
}

static void
append_codes (GString *text, const char *severity, const GPtrArray *codes)
{
  for (guint i = 0; codes != NULL && codes->pdata[i] != NULL; i++)
    g_string_append_printf (text, " %s:%s", severity, (const char *) codes->pdata[i]);
}

/* Returns: (transfer full): as it stands in the file of what is expected */
static char *
describe (const Subject *subject)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (subject->refusal != NULL)
    g_string_append_printf (text, "refused:%s", subject->refusal);
  append_codes (text, "hard", subject->hard);
  append_codes (text, "soft", subject->soft);
  append_codes (text, "note", subject->notes);
  return pf_test_expectations_normalize (text->str);
}

static gboolean
can_lend (const Subject *subject)
{
  return subject->hard != NULL && subject->hard->pdata[0] == NULL;
}

static gboolean
is_unobjectionable (const Subject *subject)
{
  return can_lend (subject) && subject->soft->pdata[0] == NULL;
}

/* --- The tests --- */

static void
test_listed (gconstpointer data)
{
  const Subject *subject = data;
  gint32 group = 0;

  g_assert_nonnull (subject->object);
  g_assert_cmphex (subject->function->class_code >> 8, ==, CLASS_USB);
  assert_text (subject->object, "Kind", pf_test_facts_get_kind (subject->function));
  assert_driver (subject->object, "Driver", subject->function);
  g_assert_true (g_variant_lookup (subject->object, "IommuGroup", "i", &group));
  if (subject->function->group != PF_TEST_OWN_GROUP)
    g_assert_cmpint (group, ==, subject->function->group);
  assert_members (subject);
}

/* Of a machine without a line for it, what there is to say is only printed. */
static void
test_expected (gconstpointer data)
{
  const Subject *subject = data;
  const char *address = subject->function->address;
  const char *expected = expectations != NULL ? g_hash_table_lookup (expectations, address) : NULL;
  g_autofree char *found = describe (subject);

  g_test_message ("%s %s", address, found);
  if (expected == NULL)
    g_test_skip ("nothing is expected of it; see tests/boards/README.md");
  else
    g_assert_cmpstr (found, ==, expected);
}

/* Each line of the file is for a controller of this machine. */
static void
test_no_others (void)
{
  GHashTableIter iter;
  gpointer address;

  g_hash_table_iter_init (&iter, expectations);
  while (g_hash_table_iter_next (&iter, &address, NULL))
    {
      gboolean found = FALSE;

      for (guint i = 0; i < subjects->len; i++)
        found |= g_str_equal (((Subject *) subjects->pdata[i])->function->address, address);
      if (!found)
        g_error ("%s is no controller of this machine", (const char *) address);
    }
}

static void
assert_refused (const Subject *subject, const char *const *override)
{
  g_autofree char *before = pf_test_snapshot ();
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (pf_test_lend (subject->profile, override, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  after = pf_test_snapshot ();
  pf_test_assert_same (before, after);
}

/* As it is, and in spite of all that can be overridden where something cannot. Nothing is written to the
 * kernel, nor to the helper's own files. */
static void
test_refused (gconstpointer data)
{
  const Subject *subject = data;
  static const char *const nothing[] = { NULL };
  g_autofree char *before = pf_test_describe_machine ();
  g_autofree char *after = NULL;

  assert_refused (subject, nothing);
  if (!can_lend (subject) && subject->soft != NULL && subject->soft->pdata[0] != NULL)
    assert_refused (subject, (const char *const *) subject->soft->pdata);
  after = pf_test_describe_machine ();
  pf_test_assert_same (before, after);
}

/* Bridges and what is not on PCI stay as they are. */
static void
assert_lent (const Subject *subject)
{
  g_autoptr (GPtrArray) members = pf_test_facts_list_group (functions, subject->function);

  for (guint i = 0; i < members->len; i++)
    {
      const PfTestFunction *member = members->pdata[i];
      g_autofree char *driver = member->is_pci ? pf_test_get_driver (member->address) : NULL;

      if (driver != NULL && g_str_equal (driver, "vfio-pci") == pf_test_facts_is_bridge (member))
        g_error ("%s has the driver “%s”", member->address, driver);
    }
}

static void
test_lent (gconstpointer data)
{
  const Subject *subject = data;
  g_autofree char *before = pf_test_describe_machine ();
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  pf_test_lend (subject->profile, (const char *const *) subject->soft->pdata, &error);
  g_assert_no_error (error);
  assert_lent (subject);
  pf_test_go_home ();
  after = pf_test_describe_machine ();
  pf_test_assert_same (before, after);
}

/* From one to the next without going home in between. What speaks against it may be another reason then. */
static void
test_in_turn (void)
{
  g_autofree char *before = pf_test_describe_machine ();
  g_autofree char *after = NULL;

  for (guint i = 0; i < subjects->len; i++)
    {
      const Subject *subject = subjects->pdata[i];
      g_autoptr (GError) error = NULL;

      if (can_lend (subject)
          && pf_test_lend (subject->profile, (const char *const *) subject->soft->pdata, &error))
        assert_lent (subject);
    }
  pf_test_go_home ();
  after = pf_test_describe_machine ();
  pf_test_assert_same (before, after);
}

static void
add_test (const char *name, const Subject *subject, GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/machine/%s/%s", name, subject->function->address);

  g_test_add_data_func (path, subject, test);
}

static void
add_tests (void)
{
  for (guint i = 0; i < subjects->len; i++)
    {
      const Subject *subject = subjects->pdata[i];

      add_test ("listed", subject, test_listed);
      add_test ("expected", subject, test_expected);
      if (subject->object != NULL && !is_unobjectionable (subject))
        add_test ("refused", subject, test_refused);
      if (can_lend (subject))
        add_test ("lent", subject, test_lent);
    }
  if (expectations != NULL)
    g_test_add_func ("/machine/no-others", test_no_others);
  g_test_add_func ("/machine/in-turn", test_in_turn);
}

/* Lines with "#" are TAP's. */
static void
print_expectations (void)
{
  for (guint i = 0; i < subjects->len; i++)
    {
      const Subject *subject = subjects->pdata[i];
      g_autofree char *text = describe (subject);

      if (subject->object != NULL)
        printf ("%s %s\n", subject->function->address, text);
    }
}

int
main (int argc, char **argv)
{
  int status = 0;

  pf_test_init (&argc, &argv);
  g_assert_cmpint (argc, >=, 2);
  functions = pf_test_facts_load (argv[1]);
  subjects = g_ptr_array_new_with_free_func (subject_free);
  expectations = pf_test_expectations_load (argv[1]);
  add_subjects ();
  if (argc > 2 && g_str_equal (argv[2], "--print"))
    print_expectations ();
  else
    {
      add_tests ();
      status = g_test_run ();
    }
  g_clear_pointer (&expectations, g_hash_table_unref);
  g_ptr_array_unref (subjects);
  g_ptr_array_unref (functions);
  return status;
}
