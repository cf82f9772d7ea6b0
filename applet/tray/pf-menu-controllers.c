/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-menu-controllers.h"

#include <glib/gi18n.h>

#include "pf-words.h"

/* Wider menus stop being readable at a glance; the whole name stands in the submenu. */
#define NAME_CHARS 44

/* How many rows there are from the start, see PfMenuRow. */
#define CONTROLLER_PLACES 6
#define NAME_PLACES 4
#define DEVICE_PLACES 8
#define GROUP_PLACES 5
#define PROBLEM_PLACES 6

static const char *
describe_owner (const PfTrayController *controller)
{
  if (g_strcmp0 (controller->owner, "guest") == 0)
    return g_strcmp0 (controller->lent_by, "others") == 0 ? _ ("lent by others") : _ ("lent");
  if (g_strcmp0 (controller->owner, "nobody") == 0)
    return _ ("nobody");
  return _ ("host");
}

static char *
describe_controller (const PfTrayController *controller)
{
  g_autofree char *name = pf_words_shorten_name (controller->name);
  g_autofree char *short_name = pf_words_shorten (name, NAME_CHARS);
  const char *address = pf_words_shorten_address (controller->address);

  if (controller->driver == NULL)
    /* Translators: address and name of a controller, then who has it: "00:14.0 Intel xHCI – no driver,
     * nobody" */
    return g_strdup_printf (_ ("%s %s – no driver, %s"), address, short_name, describe_owner (controller));
  /* Translators: address and name of a controller, its driver, who has it: "00:14.0 Intel xHCI – xhci_hcd,
   * host" */
  return g_strdup_printf (_ ("%s %s – %s, %s"), address, short_name, controller->driver,
                          describe_owner (controller));
}

static void
add_list (GPtrArray *rows, const char *key, GPtrArray *texts)
{
  for (guint i = 0; i < texts->len; i++)
    {
      g_autofree char *row_key = g_strdup_printf ("%s:%u", key, i);

      pf_menu_rows_add (rows, row_key, g_ptr_array_index (texts, i))->sensitive = TRUE;
    }
}

static void
add_devices (GPtrArray *rows, const PfTrayController *controller)
{
  if (controller->devices->len == 0)
    pf_menu_rows_add (rows, "devices", _ ("Nothing plugged in"));
  else
    pf_menu_rows_add (rows, "devices", _ ("Plugged in:"));
  add_list (rows, "device", controller->devices);
}

static void
add_group (GPtrArray *rows, const PfTrayController *controller)
{
  g_autofree char *label = NULL;

  if (controller->iommu_group < 0)
    label = g_strdup (_ ("In no IOMMU group"));
  else if (controller->members->len == 0)
    label = g_strdup_printf (_ ("Alone in IOMMU group %d"), controller->iommu_group);
  else
    label = g_strdup_printf (_ ("Shares IOMMU group %d with:"), controller->iommu_group);
  pf_menu_rows_add (rows, "group", label);
  add_list (rows, "member", controller->members);
}

static void
add_names (GPtrArray *rows, const PfTrayController *controller)
{
  pf_menu_rows_add (rows, "name", controller->name);
  if (controller->lender != NULL)
    {
      g_autofree char *label = g_strdup_printf (_ ("Lent by %s"), controller->lender);

      pf_menu_rows_add_text (rows, "lender", label);
    }
  if (controller->holder != NULL)
    {
      g_autofree char *label = g_strdup_printf (_ ("In use by %s"), controller->holder);

      pf_menu_rows_add (rows, "holder", label);
    }
}

static void
add_problems (GPtrArray *rows, const PfTrayController *controller)
{
  if (controller->problem != NULL)
    pf_menu_rows_add_text (rows, "problem", controller->problem);
  if (controller->warning != NULL)
    pf_menu_rows_add_text (rows, "warning", controller->warning);
}

/* Of no controller, only the places. */
static GPtrArray *
build_details (const PfTrayController *controller)
{
  static const struct
  {
    const char *key;
    guint places;
    void (*add) (GPtrArray *rows, const PfTrayController *controller);
  } parts[] = {
    { "name", NAME_PLACES, add_names },
    { "device", DEVICE_PLACES, add_devices },
    { "group", GROUP_PLACES, add_group },
    { "problem", PROBLEM_PLACES, add_problems },
  };
  GPtrArray *rows = pf_menu_rows_new ();

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *separator = g_strconcat ("before-", parts[i].key, NULL);
      GPtrArray *part = pf_menu_rows_new ();

      if (controller != NULL)
        parts[i].add (part, controller);
      if (i > 0)
        pf_menu_rows_add_separator (rows, separator)->hidden = part->len == 0;
      pf_menu_rows_take (rows, part, parts[i].key, PF_MENU_ROW_ITEM, parts[i].places);
    }
  return rows;
}

/**
 * pf_menu_controllers_build:
 * @state: what is known
 *
 * Returns: (transfer full) (element-type PfMenuRow): a row for each controller, with a submenu that says
 * more, and one that says why there is none
 */
GPtrArray *
pf_menu_controllers_build (const PfTrayState *state)
{
  GPtrArray *rows = pf_menu_rows_new ();
  GPtrArray *part = pf_menu_rows_new ();
  const char *none = state->presence == PF_PRESENCE_AWAKE ? _ ("This machine has no USB controllers")
                                                          : _ ("Looking at the machine…");

  for (guint i = 0; i < state->controllers->len; i++)
    {
      const PfTrayController *controller = g_ptr_array_index (state->controllers, i);
      g_autofree char *label = describe_controller (controller);
      PfMenuRow *row = pf_menu_rows_add (part, controller->address, label);

      row->sensitive = TRUE;
      row->children = build_details (controller);
    }
  pf_menu_rows_add (rows, "none", none)->hidden = state->controllers->len > 0;
  pf_menu_rows_take (rows, part, "controller", PF_MENU_ROW_ITEM, CONTROLLER_PLACES);
  for (guint i = 0; i < rows->len; i++)
    {
      PfMenuRow *row = g_ptr_array_index (rows, i);

      if (row->hidden && row->children == NULL && i > 0)
        row->children = build_details (NULL);
    }
  return rows;
}
