/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-facts.h"

#include <stdlib.h>
#include <string.h>

#define FUNCTION "function "
#define MEMBER "member "

static void
function_free (gpointer data)
{
  PfTestFunction *function = data;

  g_free (function->address);
  g_free (function->id);
  g_free (function->driver);
  g_free (function);
}

static int
compare_addresses (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(PfTestFunction *const *) a)->address, (*(PfTestFunction *const *) b)->address);
}

/* Without an IOMMU that is on there are no groups, whatever the functions say. */
static int
read_group (GKeyFile *file, const char *section)
{
  g_autofree char *iommu = g_key_file_get_string (file, "board", "iommu", NULL);
  g_autofree char *group = g_key_file_get_string (file, section, "group", NULL);

  if ((iommu != NULL && !g_str_equal (iommu, "on")) || g_strcmp0 (group, "none") == 0)
    return PF_TEST_NO_GROUP;
  return group != NULL ? (int) strtol (group, NULL, 0) : PF_TEST_OWN_GROUP;
}

static PfTestFunction *
read_function (GKeyFile *file, const char *section)
{
  PfTestFunction *function = g_new0 (PfTestFunction, 1);
  g_autofree char *class_text = g_key_file_get_string (file, section, "class", NULL);

  function->is_pci = g_str_has_prefix (section, FUNCTION);
  function->address = g_strdup (strchr (section, ' ') + 1);
  function->id = g_key_file_get_string (file, section, "id", NULL);
  function->driver = g_key_file_get_string (file, section, "driver", NULL);
  function->class_code = class_text != NULL ? (guint32) strtoul (class_text, NULL, 16) : 0;
  function->group = read_group (file, section);
  return function;
}

/**
 * pf_test_facts_load:
 * @path: a board file; one with a "repeat" in it is beyond this
 *
 * Returns: (transfer full) (element-type PfTestFunction): its functions and members, in the order of their
 * addresses
 */
GPtrArray *
pf_test_facts_load (const char *path)
{
  GPtrArray *functions = g_ptr_array_new_with_free_func (function_free);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) sections = NULL;

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  sections = g_key_file_get_groups (file, NULL);
  for (guint i = 0; sections[i] != NULL; i++)
    if (g_str_has_prefix (sections[i], FUNCTION) || g_str_has_prefix (sections[i], MEMBER))
      g_ptr_array_add (functions, read_function (file, sections[i]));
  g_ptr_array_sort (functions, compare_addresses);
  return functions;
}

/**
 * pf_test_facts_is_bridge:
 *
 * Returns: whether it stays with the host when its group is lent
 */
gboolean
pf_test_facts_is_bridge (const PfTestFunction *function)
{
  return function->class_code >> 16 == 0x06;
}

/**
 * pf_test_facts_get_kind:
 *
 * Returns: what kind of USB controller its class says it is
 */
const char *
pf_test_facts_get_kind (const PfTestFunction *function)
{
  switch (function->class_code)
    {
    case 0x0c0300:
      return "uhci";
    case 0x0c0310:
      return "ohci";
    case 0x0c0320:
      return "ehci";
    case 0x0c0330:
      return "xhci";
    case 0x0c0340:
      return "usb4";
    default:
      return "other";
    }
}

/**
 * pf_test_facts_is_host_controller:
 *
 * Returns: whether it has to be listed as a controller. A USB device controller (0c03fe) need not be.
 */
gboolean
pf_test_facts_is_host_controller (const PfTestFunction *function)
{
  return function->class_code >> 8 == 0x0c03 && !g_str_equal (pf_test_facts_get_kind (function), "other");
}

/**
 * pf_test_facts_find:
 *
 * Returns: (transfer none) (nullable): the function or member of that name
 */
PfTestFunction *
pf_test_facts_find (GPtrArray *functions, const char *address)
{
  for (guint i = 0; i < functions->len; i++)
    if (g_str_equal (((PfTestFunction *) functions->pdata[i])->address, address))
      return functions->pdata[i];
  return NULL;
}

/**
 * pf_test_facts_list_group:
 *
 * Returns: (transfer container) (element-type PfTestFunction): all that is in its group, itself included;
 * none where it is in none
 */
GPtrArray *
pf_test_facts_list_group (GPtrArray *functions, const PfTestFunction *function)
{
  GPtrArray *members = g_ptr_array_new ();

  for (guint i = 0; i < functions->len; i++)
    {
      PfTestFunction *other = functions->pdata[i];

      if (function->group == PF_TEST_NO_GROUP)
        continue;
      if (other == function || (function->group != PF_TEST_OWN_GROUP && other->group == function->group))
        g_ptr_array_add (members, other);
    }
  return members;
}
