/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl-table.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"
#include "pf-variant.h"

#define NAME_MIN_WIDTH 16
#define OWNER_COLUMN 3
#define GROUP_COLUMN 4
#define NAME_COLUMN 5
#define MANY_BRIDGES 3

static void
add_devices (PfCtlTable *table, PfDBusController *controller)
{
  GVariant *devices = pf_dbus_controller_get_devices (controller);

  for (gsize i = 0; devices != NULL && i < g_variant_n_children (devices); i++)
    {
      g_autoptr (GVariant) device = g_variant_get_child_value (devices, i);
      const char *port = pf_variant_get_string (device, "port");
      g_autofree char *text = NULL;

      text = g_strdup_printf ("%-8s %s%s%s%s", pf_variant_get_string (device, "sysname"),
                              pf_variant_get_string (device, "name"), *port != '\0' ? " (" : "", port,
                              *port != '\0' ? ")" : "");
      pf_ctl_table_add_line (table, 2, PF_CTL_STYLE_PLAIN, text);
    }
}

static void
add_group_member (PfCtlTable *table, GVariant *member)
{
  const char *driver = pf_variant_get_string (member, "driver");
  g_autofree char *name = pf_ctl_text_shorten_vendor (pf_variant_get_string (member, "name"));
  g_autofree char *address = g_strconcat ("+ ", pf_variant_get_string (member, "address"), NULL);
  const char *cells[] = {
    address,
    "",
    *driver != '\0' ? driver : "-",
    pf_variant_get_boolean (member, "bridge") ? C_ ("group member", "stays") : C_ ("group member", "moves"),
    "",
    name,
  };

  pf_ctl_table_add_row (table, cells);
  for (guint column = 0; column < G_N_ELEMENTS (cells); column++)
    pf_ctl_table_style_cell (table, column, PF_CTL_STYLE_FAINT);
}

static gboolean
is_listed_controller (GVariant *member)
{
  return g_str_has_prefix (pf_variant_get_string (member, "class"), "0c03");
}

static guint
count_bridges (GVariant *members)
{
  guint n_bridges = 0;

  for (gsize i = 0; i < g_variant_n_children (members); i++)
    {
      g_autoptr (GVariant) member = g_variant_get_child_value (members, i);

      n_bridges += pf_variant_get_boolean (member, "bridge") ? 1 : 0;
    }
  return n_bridges;
}

/* The members of a group that are not in the list themselves. Bridges stay where they are, so many of them
 * are only counted. */
static void
add_group_members (PfCtlTable *table, PfDBusController *controller)
{
  GVariant *members = pf_dbus_controller_get_group_members (controller);
  guint n_bridges = members != NULL ? count_bridges (members) : 0;
  g_autofree char *bridges = NULL;

  for (gsize i = 0; members != NULL && i < g_variant_n_children (members); i++)
    {
      g_autoptr (GVariant) member = g_variant_get_child_value (members, i);
      gboolean is_counted = n_bridges >= MANY_BRIDGES && pf_variant_get_boolean (member, "bridge");

      if (!is_listed_controller (member) && !is_counted)
        add_group_member (table, member);
    }
  if (n_bridges < MANY_BRIDGES)
    return;
  bridges = g_strdup_printf (_ ("+ %u bridges, which stay with the host"), n_bridges);
  pf_ctl_table_add_line (table, 0, PF_CTL_STYLE_FAINT, bridges);
}

/* Names whoever lent the controller, where Portferry did not, and says how to give it back. */
static void
add_lender (PfCtlTable *table, PfDBusController *controller)
{
  const char *who = pf_ctl_text_or_empty (pf_dbus_controller_get_lender (controller));
  const char *advice = pf_ctl_text_or_empty (pf_dbus_controller_get_give_back (controller));
  g_autofree char *text = g_strdup_printf (_ ("lent by %s"), who);

  if (g_strcmp0 (pf_dbus_controller_get_lent_by (controller), "others") != 0)
    return;
  pf_ctl_table_add_paragraph (table, 2, PF_CTL_STYLE_GUEST,
                              *who != '\0' ? text : _ ("lent by others (kernel parameters, driverctl, libvirt ...)"));
  if (*advice != '\0')
    pf_ctl_table_add_paragraph (table, 2, PF_CTL_STYLE_PLAIN, advice);
}

static void
add_remarks (PfCtlTable *table, PfDBusController *controller)
{
  const char *holder = pf_ctl_text_or_empty (pf_dbus_controller_get_holder (controller));

  add_lender (table, controller);
  if (pf_dbus_controller_get_removable (controller))
    pf_ctl_table_add_line (table, 2, PF_CTL_STYLE_PLAIN, _ ("can be unplugged"));
  if (*holder != '\0')
    {
      g_autofree char *text = g_strdup_printf (_ ("in use by %s"), holder);

      pf_ctl_table_add_line (table, 2, PF_CTL_STYLE_GUEST, text);
    }
}

/* What is said of @controller with @get: its problem or its warning. */
typedef const char *(*GetText) (PfDBusController *controller);

/* The controllers that have the same text. Built in one pass: a helper may have thousands of controllers. */
typedef struct
{
  GString *addresses;
  guint count;
  gboolean is_told;
} Saying;

static void
saying_free (Saying *saying)
{
  g_string_free (saying->addresses, TRUE);
  g_free (saying);
}

static GHashTable *
collect_sayings (GPtrArray *controllers, GetText get)
{
  GHashTable *sayings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) saying_free);

  for (guint i = 0; i < controllers->len; i++)
    {
      const char *text = pf_ctl_text_or_empty (get (controllers->pdata[i]));
      Saying *saying = g_hash_table_lookup (sayings, text);

      if (saying == NULL)
        {
          saying = g_new0 (Saying, 1);
          saying->addresses = g_string_new (NULL);
          g_hash_table_insert (sayings, g_strdup (text), saying);
        }
      g_string_append_printf (saying->addresses, "%s%s", saying->count > 0 ? ", " : "",
                              pf_dbus_controller_get_address (controllers->pdata[i]));
      saying->count++;
    }
  return sayings;
}

/**
 * Listing:
 * @groups: (element-type gint GPtrArray): the controllers of each IOMMU group, until they are listed
 * @problems: (element-type utf8 Saying)
 * @warnings: (element-type utf8 Saying)
 */
typedef struct
{
  GHashTable *groups;
  GHashTable *problems;
  GHashTable *warnings;
} Listing;

static void
add_text (PfCtlTable *table, GHashTable *sayings, PfDBusController *controller, GetText get)
{
  const char *message = pf_ctl_text_or_empty (get (controller));
  gboolean is_problem = get == pf_dbus_controller_get_problem;
  g_autofree char *text = NULL;

  if (*message == '\0' || ((const Saying *) g_hash_table_lookup (sayings, message))->count > 1)
    return;
  text = g_strdup_printf (is_problem ? _ ("! %s") : _ ("! note: %s"), message);
  pf_ctl_table_add_paragraph (table, 2, is_problem ? PF_CTL_STYLE_PROBLEM : PF_CTL_STYLE_PLAIN, text);
}

/* What holds for several controllers is said once, below the list. */
static void
add_shared_texts (PfCtlTable *table, GPtrArray *controllers, GHashTable *sayings, GetText get)
{
  gboolean is_problem = get == pf_dbus_controller_get_problem;

  for (guint i = 0; i < controllers->len; i++)
    {
      const char *message = pf_ctl_text_or_empty (get (controllers->pdata[i]));
      Saying *saying = g_hash_table_lookup (sayings, message);
      g_autofree char *text = NULL;

      if (*message == '\0' || saying->count < 2 || saying->is_told)
        continue;
      saying->is_told = TRUE;
      if (saying->count == controllers->len)
        text = g_strdup_printf (is_problem ? _ ("! %s") : _ ("! note: %s"), message);
      else
        /* Translators: addresses of controllers, then what is said of all of them */
        text = g_strdup_printf (is_problem ? _ ("! %s: %s") : _ ("! note on %s: %s"), saying->addresses->str, message);
      pf_ctl_table_add_paragraph (table, 0, is_problem ? PF_CTL_STYLE_PROBLEM : PF_CTL_STYLE_PLAIN, text);
    }
}

static void
add_controller (PfCtlTable *table, const Listing *listing, PfDBusController *controller)
{
  int group = pf_dbus_controller_get_iommu_group (controller);
  const char *driver = pf_ctl_text_or_empty (pf_dbus_controller_get_driver (controller));
  const char *owner = pf_ctl_text_or_empty (pf_dbus_controller_get_owner (controller));
  g_autofree char *name = pf_ctl_words_describe_controller (controller);
  g_autofree char *group_text = group >= 0 ? g_strdup_printf ("%d", group) : g_strdup ("-");
  const char *cells[] = {
    pf_dbus_controller_get_address (controller),
    pf_ctl_text_or_empty (pf_dbus_controller_get_kind (controller)),
    *driver != '\0' ? driver : "-",
    pf_ctl_words_get_owner (owner),
    group_text,
    name,
  };

  pf_ctl_table_add_row (table, cells);
  pf_ctl_table_style_cell (table, OWNER_COLUMN, pf_ctl_words_get_owner_style (owner));
  add_devices (table, controller);
  add_remarks (table, controller);
  add_text (table, listing->problems, controller, pf_dbus_controller_get_problem);
  add_text (table, listing->warnings, controller, pf_dbus_controller_get_warning);
}

static GHashTable *
collect_groups (GPtrArray *controllers)
{
  GHashTable *groups = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < controllers->len; i++)
    {
      gpointer group = GINT_TO_POINTER (pf_dbus_controller_get_iommu_group (controllers->pdata[i]));
      GPtrArray *members = g_hash_table_lookup (groups, group);

      if (members == NULL)
        {
          members = g_ptr_array_new ();
          g_hash_table_insert (groups, group, members);
        }
      g_ptr_array_add (members, controllers->pdata[i]);
    }
  return groups;
}

/* All controllers of the group that @controller is in, then its other members; nothing when an earlier one has brought
 * them. */
static void
add_group (PfCtlTable *table, const Listing *listing, PfDBusController *controller)
{
  int group = pf_dbus_controller_get_iommu_group (controller);
  GPtrArray *members = g_hash_table_lookup (listing->groups, GINT_TO_POINTER (group));

  if (group < 0)
    add_controller (table, listing, controller);
  else if (members == NULL)
    return;
  for (guint i = 0; group >= 0 && i < members->len; i++)
    add_controller (table, listing, members->pdata[i]);
  add_group_members (table, controller);
  g_hash_table_remove (listing->groups, GINT_TO_POINTER (group));
}

static void
print_controllers (const PfCtl *ctl)
{
  const char *titles[]
      = { _ ("ADDRESS"), _ ("KIND"), _ ("DRIVER"), _ ("OWNER"), _ ("GROUP"), _ ("NAME"), NULL };
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (ctl->client);
  g_autoptr (PfCtlTable) table = pf_ctl_table_new (titles);
  g_autoptr (GHashTable) groups = collect_groups (controllers);
  g_autoptr (GHashTable) problems = collect_sayings (controllers, pf_dbus_controller_get_problem);
  g_autoptr (GHashTable) warnings = collect_sayings (controllers, pf_dbus_controller_get_warning);
  const Listing listing = { groups, problems, warnings };

  if (controllers->len == 0)
    {
      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("This machine has no USB controller."));
      return;
    }
  pf_ctl_table_align_right (table, GROUP_COLUMN);
  pf_ctl_table_set_flexible (table, NAME_COLUMN, NAME_MIN_WIDTH);
  pf_ctl_table_cut_middle (table, NAME_COLUMN);
  for (guint i = 0; i < controllers->len; i++)
    add_group (table, &listing, controllers->pdata[i]);
  add_shared_texts (table, controllers, problems, pf_dbus_controller_get_problem);
  add_shared_texts (table, controllers, warnings, pf_dbus_controller_get_warning);
  pf_ctl_table_print (table, &ctl->screen);
}

static gboolean
run_controllers (PfCtl *ctl, char **arguments, GError **error)
{
  if (!pf_ctl_wake (ctl, error))
    return FALSE;
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      pf_ctl_json_add_controllers (json, ctl->client);
      pf_ctl_json_print (json, TRUE);
    }
  else
    print_controllers (ctl);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_controllers = {
  .name = "controllers",
  .summary = N_ ("List the USB controllers and what is plugged in"),
  .details = N_ ("Controllers with the same number in GROUP go to the guest together. Lines with “+” are the "
                 "other members\n"
                 "of the IOMMU group above them: those that move go along, bridges stay."),
  .run = run_controllers,
};
