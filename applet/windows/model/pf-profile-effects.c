/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile-effects.h"

#include <glib/gi18n.h>

#include "pf-variant.h"
#include "pf-words.h"

static void
free_effect (gpointer data)
{
  PfEffect *effect = data;

  g_free (effect->address);
  g_free (effect->name);
  g_free (effect);
}

static PfEffect *
find_effect (GPtrArray *effects, const char *address)
{
  for (guint i = 0; i < effects->len; i++)
    {
      PfEffect *effect = effects->pdata[i];

      if (g_str_equal (effect->address, address))
        return effect;
    }
  return NULL;
}

static PfEffect *
require_effect (GPtrArray *effects, const char *address, const char *name, PfReason reason)
{
  PfEffect *effect = find_effect (effects, address);

  if (effect != NULL)
    return effect;
  effect = g_new0 (PfEffect, 1);
  effect->address = g_strdup (address);
  effect->name = pf_words_shorten_name (name);
  effect->reason = reason;
  g_ptr_array_add (effects, effect);
  return effect;
}

static void
add_members (GPtrArray *effects, PfDBusController *controller)
{
  GVariant *members = pf_dbus_controller_get_group_members (controller);
  GVariantIter iter;
  GVariant *member;

  if (members == NULL)
    return;
  g_variant_iter_init (&iter, members);
  while (g_variant_iter_loop (&iter, "@a{sv}", &member))
    if (!pf_variant_get_boolean (member, "bridge"))
      require_effect (effects, pf_variant_get_string (member, "address"),
                      pf_variant_get_string (member, "name"), PF_REASON_GROUP);
}

/**
 * pf_profile_effects_list:
 * @draft: a draft
 * @sockets: (element-type PfSocket): the sockets of this machine
 * @controllers: (element-type PfDBusController): its controllers
 *
 * Returns: (transfer full) (element-type PfEffect): the functions that go to vfio-pci when the profile is in
 * force: the controllers first, then what comes along because it is in their IOMMU groups. Bridges stay.
 */
GPtrArray *
pf_profile_effects_list (const PfProfileDraft *draft, GPtrArray *sockets, GPtrArray *controllers)
{
  GPtrArray *effects = g_ptr_array_new_with_free_func (free_effect);
  g_auto (GStrv) addresses = pf_profile_draft_list_controllers (draft, sockets);

  for (guint i = 0; i < controllers->len; i++)
    {
      const char *address = pf_dbus_controller_get_address (controllers->pdata[i]);

      if (g_strv_contains ((const char *const *) addresses, address))
        require_effect (effects, address, pf_dbus_controller_get_name (controllers->pdata[i]),
                        pf_profile_draft_is_chosen (draft, address) ? PF_REASON_CHOSEN : PF_REASON_PORTS);
    }
  for (guint i = 0; i < controllers->len; i++)
    if (g_strv_contains ((const char *const *) addresses,
                         pf_dbus_controller_get_address (controllers->pdata[i])))
      add_members (effects, controllers->pdata[i]);
  return effects;
}

/**
 * pf_profile_effects_describe:
 * @effect: a function that goes to the guest
 *
 * Returns: (transfer full): which one, and why
 */
char *
pf_profile_effects_describe (const PfEffect *effect)
{
  const char *address = pf_words_shorten_address (effect->address);

  switch (effect->reason)
    {
    case PF_REASON_PORTS:
      /* Translators: address and name of a controller that goes to the guest */
      return g_strdup_printf (_ ("%s %s: its sockets need it"), address, effect->name);
    case PF_REASON_GROUP:
      /* Translators: address and name of a device that goes to the guest */
      return g_strdup_printf (_ ("%s %s: comes along, it is in the same IOMMU group"), address, effect->name);
    case PF_REASON_CHOSEN:
      break;
    }
  return g_strdup_printf ("%s %s", address, effect->name);
}
