/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile-draft.h"

#include <string.h>

#include "pf-error.h"

#define FALLBACK_ID "profile"

/**
 * pf_profile_draft_new:
 *
 * Returns: (transfer full): a new profile that lends nothing yet, with the defaults of all settings
 */
PfProfileDraft *
pf_profile_draft_new (void)
{
  PfProfileDraft *draft = g_new0 (PfProfileDraft, 1);

  draft->label = g_strdup ("");
  draft->icon = g_strdup ("");
  draft->vfio_user = g_strdup ("");
  draft->vfio_group = g_strdup ("");
  draft->qmp = g_strdup ("");
  draft->libvirt_domain = g_strdup ("");
  draft->libvirt_uri = g_strdup ("");
  draft->controllers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  draft->confirm_seconds = PF_CONFIRM_DEFAULT_SECONDS;
  return draft;
}

void
pf_profile_draft_free (PfProfileDraft *draft)
{
  g_free (draft->id);
  g_free (draft->label);
  g_free (draft->icon);
  g_free (draft->vfio_user);
  g_free (draft->vfio_group);
  g_free (draft->qmp);
  g_free (draft->libvirt_domain);
  g_free (draft->libvirt_uri);
  g_hash_table_unref (draft->controllers);
  g_free (draft);
}

static void
set_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value != NULL ? value : "");
}

/* What only a newer helper knows stays at its default, which the helper then keeps unless it is changed. */
static void
read_words (PfProfileDraft *draft, PfDBusProfile *profile)
{
  g_autoptr (PfProfile) words = pf_profile_new (FALLBACK_ID);

  if (pf_profile_set_side (words, pf_dbus_profile_get_side (profile), NULL))
    draft->side = words->side;
  if (pf_profile_set_confirm (words, pf_dbus_profile_get_confirm (profile), NULL))
    draft->confirm = words->confirm;
  if (pf_profile_set_confirm_seconds (words, pf_dbus_profile_get_confirm_seconds (profile), NULL))
    draft->confirm_seconds = words->confirm_seconds;
  if (pf_profile_set_on_vm_exit (words, pf_dbus_profile_get_on_vm_exit (profile), NULL))
    draft->on_vm_exit = words->on_vm_exit;
}

/**
 * pf_profile_draft_new_from_bus:
 * @profile: a profile as the helper publishes it
 *
 * Returns: (transfer full): the same, to be edited
 */
PfProfileDraft *
pf_profile_draft_new_from_bus (PfDBusProfile *profile)
{
  PfProfileDraft *draft = pf_profile_draft_new ();
  const char *const *controllers = pf_dbus_profile_get_controllers (profile);
  const char *const *ports = pf_dbus_profile_get_ports (profile);

  draft->id = pf_dbus_profile_dup_id (profile);
  set_text (&draft->label, pf_dbus_profile_get_label (profile));
  set_text (&draft->icon, pf_dbus_profile_get_icon (profile));
  set_text (&draft->vfio_user, pf_dbus_profile_get_vfio_user (profile));
  set_text (&draft->vfio_group, pf_dbus_profile_get_vfio_group (profile));
  set_text (&draft->qmp, pf_dbus_profile_get_qmp (profile));
  set_text (&draft->libvirt_domain, pf_dbus_profile_get_libvirt_domain (profile));
  set_text (&draft->libvirt_uri, pf_dbus_profile_get_libvirt_uri (profile));
  for (guint i = 0; controllers != NULL && controllers[i] != NULL; i++)
    g_hash_table_add (draft->controllers, g_strdup (controllers[i]));
  for (guint i = 0; ports != NULL && ports[i] != NULL; i++)
    pf_port_set_add_name (&draft->ports, ports[i], NULL);
  draft->super_speed_off = pf_dbus_profile_get_super_speed_off (profile);
  draft->guest_may_switch = pf_dbus_profile_get_guest_may_switch (profile);
  draft->lock_on_switch = pf_dbus_profile_get_lock_on_switch (profile);
  read_words (draft, profile);
  return draft;
}

/**
 * pf_profile_draft_has_socket:
 * @draft: a draft
 * @socket: a socket
 *
 * Returns: whether the guest shall have it: as a port, or with the whole of its controller
 */
gboolean
pf_profile_draft_has_socket (const PfProfileDraft *draft, const PfSocket *socket)
{
  if (pf_socket_is_routed (socket))
    return (pf_port_set_resolve (&draft->ports, 1u << socket->bit) & (1u << socket->bit)) != 0;
  return g_hash_table_contains (draft->controllers, socket->controller);
}

/**
 * pf_profile_draft_set_socket:
 * @draft: a draft
 * @socket: a socket
 * @chosen: whether the guest shall have it
 * @existing: bits of the ports that its router has
 *
 * A socket that cannot be routed stands for its controller.
 */
void
pf_profile_draft_set_socket (PfProfileDraft *draft, const PfSocket *socket, gboolean chosen, guint32 existing)
{
  guint32 bit;

  if (!pf_socket_is_routed (socket))
    {
      pf_profile_draft_set_controller (draft, socket->controller, chosen);
      return;
    }
  bit = 1u << socket->bit;
  if (pf_profile_draft_has_socket (draft, socket) == chosen)
    return;
  /* A profile that says "all" says which ones as soon as one of them is taken away. */
  draft->ports = (PfPortSet){ .bits = pf_port_set_resolve (&draft->ports, existing) };
  draft->ports.bits = chosen ? draft->ports.bits | bit : draft->ports.bits & ~bit;
}

void
pf_profile_draft_set_controller (PfProfileDraft *draft, const char *address, gboolean chosen)
{
  if (chosen)
    g_hash_table_add (draft->controllers, g_strdup (address));
  else
    g_hash_table_remove (draft->controllers, address);
}

/**
 * pf_profile_draft_is_chosen:
 * @draft: a draft
 * @address: a controller's
 *
 * Returns: whether it was chosen itself, and not only because of its ports
 */
gboolean
pf_profile_draft_is_chosen (const PfProfileDraft *draft, const char *address)
{
  return g_hash_table_contains (draft->controllers, address);
}

gboolean
pf_profile_draft_is_empty (const PfProfileDraft *draft)
{
  return g_hash_table_size (draft->controllers) == 0 && pf_port_set_is_empty (&draft->ports);
}

static gboolean
has_text (GPtrArray *texts, const char *text)
{
  for (guint i = 0; i < texts->len; i++)
    if (g_str_equal (texts->pdata[i], text))
      return TRUE;
  return FALSE;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * pf_profile_draft_list_controllers:
 * @draft: a draft
 * @sockets: (element-type PfSocket): the sockets of this machine
 *
 * Returns: (transfer full): addresses of the controllers that the guest gets: those that were chosen, and the
 * EHCIs that its ports need, unless the guest has the xHCI or the profile says itself where ports go
 */
char **
pf_profile_draft_list_controllers (const PfProfileDraft *draft, GPtrArray *sockets)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_autoptr (GList) chosen = g_hash_table_get_keys (draft->controllers);
  GPtrArray *copy = g_ptr_array_new ();

  for (GList *item = chosen; item != NULL; item = item->next)
    g_ptr_array_add (list, item->data);
  for (guint i = 0; sockets != NULL && draft->side == PF_SIDE_AUTO && i < sockets->len; i++)
    {
      const PfSocket *socket = sockets->pdata[i];

      if (pf_socket_is_routed (socket) && socket->ehci != NULL && pf_profile_draft_has_socket (draft, socket)
          && !g_hash_table_contains (draft->controllers, socket->controller)
          && !has_text (list, socket->ehci))
        g_ptr_array_add (list, socket->ehci);
    }
  g_ptr_array_sort (list, compare_texts);
  for (guint i = 0; i < list->len; i++)
    g_ptr_array_add (copy, g_strdup (list->pdata[i]));
  g_ptr_array_add (copy, NULL);
  return (char **) g_ptr_array_free (copy, FALSE);
}

/**
 * pf_profile_draft_to_settings:
 * @draft: a draft
 * @sockets: (element-type PfSocket): the sockets of this machine
 *
 * Returns: (transfer floating): an a{sv} for AddProfile, Update and PreviewDetails
 */
GVariant *
pf_profile_draft_to_settings (const PfProfileDraft *draft, GPtrArray *sockets)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_auto (GStrv) controllers = pf_profile_draft_list_controllers (draft, sockets);
  g_auto (GStrv) ports = pf_port_set_to_names (&draft->ports);

  if (draft->label[0] != '\0')
    g_variant_dict_insert (&dict, "label", "s", draft->label);
  g_variant_dict_insert (&dict, "icon", "s", draft->icon);
  g_variant_dict_insert (&dict, "controllers", "^as", controllers);
  g_variant_dict_insert (&dict, "ports", "^as", ports);
  g_variant_dict_insert (&dict, "side", "s", pf_side_to_string (draft->side));
  g_variant_dict_insert (&dict, "vfio-user", "s", draft->vfio_user);
  g_variant_dict_insert (&dict, "vfio-group", "s", draft->vfio_group);
  g_variant_dict_insert (&dict, "qmp", "s", draft->qmp);
  g_variant_dict_insert (&dict, "libvirt-domain", "s", draft->libvirt_domain);
  g_variant_dict_insert (&dict, "libvirt-uri", "s", draft->libvirt_uri);
  g_variant_dict_insert (&dict, "confirm", "s", pf_confirm_to_string (draft->confirm));
  g_variant_dict_insert (&dict, "confirm-seconds", "u", draft->confirm_seconds);
  g_variant_dict_insert (&dict, "on-vm-exit", "s", pf_on_vm_exit_to_string (draft->on_vm_exit));
  g_variant_dict_insert (&dict, "super-speed-off", "b", draft->super_speed_off);
  g_variant_dict_insert (&dict, "guest-may-switch", "b", draft->guest_may_switch);
  g_variant_dict_insert (&dict, "lock-on-switch", "b", draft->lock_on_switch);
  return g_variant_dict_end (&dict);
}

static char *
make_id (const char *label)
{
  g_autofree char *ascii = g_str_to_ascii (label, NULL);
  GString *id = g_string_new (NULL);

  for (const char *c = ascii; *c != '\0' && id->len < PF_PROFILE_MAX_ID - 4; c++)
    {
      if (g_ascii_isalnum (*c))
        g_string_append_c (id, g_ascii_tolower (*c));
      else if (id->len > 0 && id->str[id->len - 1] != '-' && *c != '?')
        g_string_append_c (id, '-');
    }
  while (id->len > 0 && id->str[id->len - 1] == '-')
    g_string_truncate (id, id->len - 1);
  if (id->len == 0)
    g_string_assign (id, FALLBACK_ID);
  return g_string_free (id, FALSE);
}

/**
 * pf_profile_draft_suggest_id:
 * @draft: a draft with a label
 * @taken: (array zero-terminated=1): ids that there are
 *
 * Returns: (transfer full): a valid id that is like its label and not taken
 */
char *
pf_profile_draft_suggest_id (const PfProfileDraft *draft, const char *const *taken)
{
  g_autofree char *base = make_id (draft->label);
  char *id = g_strdup (base);

  for (guint n = 2; g_strv_contains (taken, id) || g_str_equal (id, PF_PROFILE_HOME); n++)
    {
      g_free (id);
      id = g_strdup_printf ("%s-%u", base, n);
    }
  return id;
}
