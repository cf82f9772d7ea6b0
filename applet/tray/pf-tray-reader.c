/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-tray-reader.h"

#include <glib/gi18n.h>

#include "pf-deadline.h"
#include "pf-variant.h"
#include "pf-words.h"

/* The bus says "" where there is nothing to say; a state says NULL. */
static char *
dup_text (const char *text)
{
  return text != NULL && text[0] != '\0' ? g_strdup (text) : NULL;
}

static char *
describe_device (GVariant *device)
{
  const char *name = pf_variant_get_string (device, "name");
  const char *input = pf_variant_get_string (device, "input");
  const char *port = pf_variant_get_string (device, "port");
  GString *text = g_string_new (name[0] != '\0' ? name : _ ("Unknown device"));

  if (g_str_equal (input, "keyboard"))
    g_string_append_printf (text, " (%s)", _ ("keyboard"));
  else if (g_str_equal (input, "pointer"))
    g_string_append_printf (text, " (%s)", _ ("mouse"));
  else if (g_str_equal (input, "keyboard pointer"))
    g_string_append_printf (text, " (%s)", _ ("keyboard and mouse"));
  if (port[0] != '\0')
    g_string_append_printf (text, " – %s", port);
  return g_string_free (text, FALSE);
}

/* Hubs are left out: the one in the chipset would stand on every controller of an older Intel machine. */
static void
read_devices (PfDBusController *proxy, PfTrayController *controller)
{
  GVariant *devices = pf_dbus_controller_get_devices (proxy);
  GVariantIter iter;
  GVariant *device;

  if (devices == NULL)
    return;
  g_variant_iter_init (&iter, devices);
  while (g_variant_iter_loop (&iter, "@a{sv}", &device))
    if (!pf_variant_get_boolean (device, "hub"))
      g_ptr_array_add (controller->devices, describe_device (device));
}

static char *
describe_member (GVariant *member)
{
  const char *address = pf_words_shorten_address (pf_variant_get_string (member, "address"));
  const char *driver = pf_variant_get_string (member, "driver");
  g_autofree char *name = pf_words_shorten_name (pf_variant_get_string (member, "name"));

  if (pf_variant_get_boolean (member, "bridge"))
    /* Translators: address and name of a PCI bridge */
    return g_strdup_printf (_ ("%s %s – bridge, stays with the host"), address, name);
  return g_strdup_printf ("%s %s – %s", address, name, driver[0] != '\0' ? driver : _ ("no driver"));
}

static void
read_members (PfDBusController *proxy, PfTrayController *controller)
{
  GVariant *members = pf_dbus_controller_get_group_members (proxy);
  GVariantIter iter;
  GVariant *member;

  if (members == NULL)
    return;
  g_variant_iter_init (&iter, members);
  while (g_variant_iter_loop (&iter, "@a{sv}", &member))
    if (g_strcmp0 (pf_variant_get_string (member, "address"), controller->address) != 0)
      g_ptr_array_add (controller->members, describe_member (member));
}

static void
read_controller (PfDBusController *proxy, PfTrayState *state)
{
  PfTrayController *controller = pf_tray_state_add_controller (state, pf_dbus_controller_get_address (proxy),
                                                               pf_dbus_controller_get_name (proxy));

  g_free (controller->kind);
  controller->kind = g_strdup (pf_dbus_controller_get_kind (proxy));
  g_free (controller->owner);
  controller->owner = g_strdup (pf_dbus_controller_get_owner (proxy));
  controller->driver = dup_text (pf_dbus_controller_get_driver (proxy));
  controller->lent_by = dup_text (pf_dbus_controller_get_lent_by (proxy));
  controller->lender = dup_text (pf_dbus_controller_get_lender (proxy));
  controller->holder = dup_text (pf_dbus_controller_get_holder (proxy));
  controller->problem = dup_text (pf_dbus_controller_get_problem (proxy));
  controller->warning = dup_text (pf_dbus_controller_get_warning (proxy));
  controller->iommu_group = pf_dbus_controller_get_iommu_group (proxy);
  read_devices (proxy, controller);
  read_members (proxy, controller);
}

static void
read_profile (PfDBusProfile *proxy, PfTrayState *state)
{
  const char *id = pf_dbus_profile_get_id (proxy);
  const char *label = pf_dbus_profile_get_label (proxy);
  g_autofree char *problem = dup_text (pf_dbus_profile_get_problem (proxy));

  if (pf_dbus_profile_get_built_in (proxy))
    label = _ ("Home");
  else if (label[0] == '\0')
    label = id;
  pf_tray_state_add_profile (state, id, label, pf_dbus_profile_get_valid (proxy), problem);
}

static void
read_manager (PfClient *client, PfTrayState *state)
{
  PfDBusManager *manager = pf_client_get_manager (client);

  /* A state of a newer helper that we do not know shows as idle. */
  if (!pf_phase_from_string (pf_dbus_manager_get_state (manager), &state->phase))
    state->phase = PF_PHASE_IDLE;
  state->problem = dup_text (pf_dbus_manager_get_problem (manager));
  state->problem_code = dup_text (pf_dbus_manager_get_problem_code (manager));
  state->transaction = dup_text (pf_dbus_manager_get_transaction (manager));
  state->deadline = pf_deadline_clamp (pf_dbus_manager_get_deadline (manager));
  state->active_id = pf_client_get_active_profile_id (client);
}

/**
 * pf_tray_reader_read:
 * @client: a client in PF_CLIENT_READY
 * @state: an empty state, to be filled with what the helper publishes
 */
void
pf_tray_reader_read (PfClient *client, PfTrayState *state)
{
  g_autoptr (GPtrArray) profiles = pf_client_list_profiles (client);
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);

  state->presence = PF_PRESENCE_AWAKE;
  read_manager (client, state);
  for (guint i = 0; i < profiles->len; i++)
    read_profile (g_ptr_array_index (profiles, i), state);
  for (guint i = 0; i < controllers->len; i++)
    read_controller (g_ptr_array_index (controllers, i), state);
}
