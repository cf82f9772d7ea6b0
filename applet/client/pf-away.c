/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is away beside USB controllers: the other members of their IOMMU groups, a SATA or network controller
 * for example. */

#include "pf-away.h"

#include "pf-variant.h"

/* The same drivers as pf_function_is_lent() in the model. */
static gboolean
is_lent (GVariant *member)
{
  const char *driver = pf_variant_get_string (member, "driver");

  return g_str_has_prefix (driver, "vfio-") || g_str_has_suffix (driver, "-vfio-pci")
         || g_str_has_suffix (driver, "_vfio_pci");
}

static gboolean
has_member (GPtrArray *members, const char *address)
{
  for (guint i = 0; i < members->len; i++)
    if (g_str_equal (pf_variant_get_string (members->pdata[i], "address"), address))
      return TRUE;
  return FALSE;
}

static void
add_members (GPtrArray *members, GVariant *group)
{
  for (gsize i = 0; group != NULL && i < g_variant_n_children (group); i++)
    {
      g_autoptr (GVariant) member = g_variant_get_child_value (group, i);

      if (is_lent (member) && !g_str_has_prefix (pf_variant_get_string (member, "class"), "0c03")
          && !has_member (members, pf_variant_get_string (member, "address")))
        g_ptr_array_add (members, g_steal_pointer (&member));
    }
}

/**
 * pf_away_list_members:
 * @controllers: (element-type PfDBusController): the machine's controllers
 * @lender: "portferry" or "others", as in Controller.LentBy
 *
 * Returns: (transfer full) (element-type GVariant): the rows of Controller.GroupMembers of what @lender has
 * lent together with those controllers, each once; USB controllers, which are in @controllers, are left out
 */
GPtrArray *
pf_away_list_members (GPtrArray *controllers, const char *lender)
{
  GPtrArray *members = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (guint i = 0; i < controllers->len; i++)
    if (g_strcmp0 (pf_dbus_controller_get_lent_by (controllers->pdata[i]), lender) == 0)
      add_members (members, pf_dbus_controller_get_group_members (controllers->pdata[i]));
  return members;
}
