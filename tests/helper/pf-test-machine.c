/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-machine.h"

#include <string.h>
#include <sys/stat.h>

#define NODES "dev/vfio"
#define ROUTING_REGISTER 0xd0

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * pf_test_list:
 * @path: a folder of the fake kernel, for example "sys/bus/pci/devices"
 *
 * Returns: (transfer full) (element-type utf8): the names in it, sorted; none where there is no such folder
 */
GPtrArray *
pf_test_list (const char *path)
{
  g_autofree char *folder = g_build_filename (g_getenv ("PF_KERNEL"), path, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

/**
 * pf_test_get_driver:
 * @address: a PCI function
 *
 * Returns: (transfer full): the driver that the kernel says it has; "" for none
 */
char *
pf_test_get_driver (const char *address)
{
  g_autofree char *link = g_strdup_printf (PF_TEST_PCI_DEVICES "/%s/driver", address);
  char *driver = pf_desk_kernel_link (link);

  return driver != NULL ? driver : g_strdup ("");
}

static void
append_function (GString *text, const char *address)
{
  g_autofree char *override_file = g_strdup_printf (PF_TEST_PCI_DEVICES "/%s/driver_override", address);
  g_autofree char *power_file = g_strdup_printf (PF_TEST_PCI_DEVICES "/%s/power/control", address);
  g_autofree char *driver = pf_test_get_driver (address);
  g_autofree char *override = pf_desk_read_kernel (override_file);
  g_autofree char *power = pf_desk_read_kernel (power_file);

  g_string_append_printf (text, "%s driver=%s override=%s power=%s routing=%08x\n", address, driver, override,
                          power, pf_desk_kernel_config (address, ROUTING_REGISTER));
}

static void
append_node (GString *text, const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_KERNEL"), NODES, name, NULL);
  struct stat status;

  g_assert_no_errno (stat (path, &status));
  g_string_append_printf (text, NODES "/%s %u:%u %o\n", name, status.st_uid, status.st_gid, status.st_mode);
}

/**
 * pf_test_describe_machine:
 *
 * Returns: (transfer full): what a switch can change of the machine: of each PCI function its driver, its
 * override, its power setting and its routing register, and of each group's node its owner and mode
 */
char *
pf_test_describe_machine (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) functions = pf_test_list (PF_TEST_PCI_DEVICES);
  g_autoptr (GPtrArray) nodes = pf_test_list (NODES);

  for (guint i = 0; i < functions->len; i++)
    append_function (text, functions->pdata[i]);
  for (guint i = 0; i < nodes->len; i++)
    append_node (text, nodes->pdata[i]);
  return g_string_free (text, FALSE);
}

/**
 * pf_test_assert_same:
 * @before: of pf_test_describe_machine() or pf_test_snapshot()
 * @after: the same, later
 *
 * Ends the test with the first line that is another one.
 */
void
pf_test_assert_same (const char *before, const char *after)
{
  g_auto (GStrv) was = g_strsplit (before, "\n", -1);
  g_auto (GStrv) is = g_strsplit (after, "\n", -1);

  for (guint i = 0; was[i] != NULL && is[i] != NULL; i++)
    g_assert_cmpstr (is[i], ==, was[i]);
  g_assert_cmpuint (g_strv_length (is), ==, g_strv_length (was));
}

/**
 * pf_test_preview:
 * @id: of a profile
 *
 * Returns: (transfer full): what there is to say of a switch to it: Preview's objections
 */
GVariant *
pf_test_preview (const char *id)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autoptr (GVariant) preview = pf_test_manager ("root", "Preview", "(objectpath '%s',)", path);

  return g_variant_get_child_value (preview, 2);
}

/**
 * pf_test_list_codes:
 * @objections: of pf_test_preview()
 * @severity: "hard", "soft" or "note"
 *
 * Returns: (transfer full) (element-type utf8): the codes of those with this severity, sorted, one for each
 * row, and a NULL behind them
 */
GPtrArray *
pf_test_list_codes (GVariant *objections, const char *severity)
{
  GPtrArray *codes = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < g_variant_n_children (objections); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (objections, i);
      const char *code, *its_severity, *message;

      g_assert_true (g_variant_lookup (row, "code", "&s", &code));
      g_assert_true (g_variant_lookup (row, "severity", "&s", &its_severity));
      g_assert_true (g_variant_lookup (row, "message", "&s", &message));
      if (!g_str_equal (its_severity, severity))
        continue;
      g_test_message ("%s %s: %s", severity, code, message);
      g_ptr_array_add (codes, g_strdup (code));
    }
  g_ptr_array_sort (codes, compare_names);
  g_ptr_array_add (codes, NULL);
  return codes;
}

/**
 * pf_test_lend:
 * @id: of a profile
 * @override: (array zero-terminated=1): codes of objections to go on with
 * @error: why the helper refuses
 *
 * Switches to it as root, and confirms that where it waits for it.
 *
 * Returns: whether it was let through
 */
gboolean
pf_test_lend (const char *id, const char *const *override, GError **error)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autoptr (GVariant) codes = g_variant_ref_sink (g_variant_new_strv (override, -1));
  g_autofree char *list = g_variant_print (codes, TRUE);
  g_autofree char *parameters = g_strdup_printf ("(objectpath '%s', {'override': <%s>})", path, list);
  g_autoptr (GVariant) answer = pf_test_try (
      "root", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", "Apply", PF_BUS_MANAGER_PATH, parameters }, error);
  g_autofree char *waiting = NULL;

  if (answer == NULL)
    return FALSE;
  waiting = pf_test_get (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "Transaction");
  if (*waiting != '\0')
    g_variant_unref (pf_test_manager ("root", "Confirm", "('%s',)", waiting));
  return TRUE;
}
