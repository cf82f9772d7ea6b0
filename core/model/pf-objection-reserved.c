/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Memory that the firmware has reserved for devices. */

#include "pf-objection-private.h"

/* The rest is counted: what a person does about them is the same. */
#define MAX_NAMED 4

static char *
describe_regions (const GArray *regions)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (regions->len, MAX_NAMED); i++)
    {
      const PfRegion *region = &g_array_index (regions, PfRegion, i);

      g_string_append_printf (text, "%s0x%" G_GINT64_MODIFIER "x-0x%" G_GINT64_MODIFIER "x",
                              i > 0 ? ", " : "", region->start, region->end);
    }
  if (regions->len > MAX_NAMED)
    g_string_append_printf (text, " and %u more", regions->len - MAX_NAMED);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Its USB controllers: those are what people lend. */
static char *
describe_controllers (const PfGroup *group)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];
      g_autofree char *name = NULL;

      if (!member->is_pci || !pf_function_is_usb_controller (member))
        continue;
      name = pf_function_describe (member);
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * pf_group_describe_reserved:
 * @group: an IOMMU group
 *
 * The firmware asks for some memory of a device to stay mapped one to one (RMRR in Intel's DMAR table, unity
 * maps in AMD's IVRS). A guest has memory of its own at those addresses, so the kernel does not let vfio
 * attach the group
 * (__iommu_device_set_domain() in drivers/iommu/iommu.c; before Linux 6.6 on Intel device_is_rmrr_locked()).
 * Those of USB controllers and graphics cards are "direct-relaxable" since Linux 5.3, and stand in nobody's
 * way.
 *
 * Returns: (transfer full) (nullable): what it means to lend the group, and what to do; NULL where nothing is
 * reserved
 */
char *
pf_group_describe_reserved (const PfGroup *group)
{
  g_autofree char *names = NULL;
  g_autofree char *regions = NULL;

  if (group->reserved->len == 0)
    return NULL;
  names = describe_controllers (group);
  regions = describe_regions (group->reserved);
  return g_strdup_printf ("The firmware has reserved memory for IOMMU group %d (%s): %s. It can be lent, but "
                          "the virtual machine will not "
                          "start with it: Linux refuses to give it to a guest (“Operation not permitted”; in "
                          "the kernel's log “1:1 IOMMU "
                          "mapping” or “RMRR”). Switch off legacy USB support or remote management in the "
                          "firmware setup, update the "
                          "firmware, or lend another controller.",
                          group->id, names, regions);
}

static const PfFunction *
find_lent (const PfFuture *future, const PfGroup *group)
{
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];

      if (member->is_pci && pf_function_is_usb_controller (member)
          && pf_function_get_owner (member) != PF_OWNER_GUEST
          && pf_future_get_owner (future, member) == PF_OWNER_GUEST)
        return member;
    }
  return NULL;
}

/**
 * pf_objection_add_reserved:
 * @objections: (element-type PfObjection): where to add
 * @future: what a plan leads to
 *
 * Objects to lending a group that the kernel gives to no guest.
 */
void
pf_objection_add_reserved (GPtrArray *objections, const PfFuture *future)
{
  for (guint i = 0; i < future->board->groups->len; i++)
    {
      const PfGroup *group = future->board->groups->pdata[i];
      const PfFunction *lent = group->reserved->len > 0 ? find_lent (future, group) : NULL;

      if (lent != NULL)
        g_ptr_array_add (objections,
                         pf_objection_new ("reserved-memory", PF_SEVERITY_SOFT, PF_ERROR_OBJECTION,
                                           lent->address, pf_group_describe_reserved (group)));
    }
}
