/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-sections.h"

#include <glib/gi18n.h>

#include "pf-words.h"

static void
free_section (gpointer data)
{
  PfSection *section = data;

  g_free (section->key);
  g_free (section->title);
  g_free (section->note);
  g_ptr_array_unref (section->sockets);
  g_free (section);
}

static PfSection *
add_section (GPtrArray *sections, const char *key, const char *title)
{
  PfSection *section = g_new0 (PfSection, 1);

  section->key = g_strdup (key);
  section->title = g_strdup (title);
  section->sockets = g_ptr_array_new ();
  g_ptr_array_add (sections, section);
  return section;
}

static void
add_place (GPtrArray *sections, GPtrArray *sockets, PfPlace place)
{
  PfSection *section = NULL;

  for (guint i = 0; i < sockets->len; i++)
    {
      PfSocket *socket = sockets->pdata[i];

      if (socket->place != place)
        continue;
      if (section == NULL)
        section = add_section (sections, pf_place_to_string (place), pf_place_get_word (place));
      g_ptr_array_add (section->sockets, socket);
    }
}

/* An EHCI whose ports are all a router's has no section of its own. */
static gboolean
is_companion (GPtrArray *sockets, const char *address)
{
  for (guint i = 0; i < sockets->len; i++)
    {
      const PfSocket *socket = sockets->pdata[i];

      if (g_strcmp0 (socket->ehci, address) == 0)
        return TRUE;
    }
  return FALSE;
}

static char *
describe_blank (PfDBusController *controller)
{
  switch (pf_owner_from_string (pf_dbus_controller_get_owner (controller)))
    {
    case PF_OWNER_GUEST:
      return g_strdup (_ ("The guest has it, so its sockets cannot be seen from here."));
    case PF_OWNER_NOBODY:
      return g_strdup (_ ("It has no driver, so its sockets cannot be seen."));
    case PF_OWNER_HOST:
      break;
    }
  return g_strdup (_ ("It shows no sockets."));
}

static gboolean
has_sockets (GPtrArray *sockets, const char *address)
{
  for (guint i = 0; i < sockets->len; i++)
    {
      const PfSocket *socket = sockets->pdata[i];

      if (g_str_equal (socket->controller, address))
        return TRUE;
    }
  return FALSE;
}

static void
add_controller (GPtrArray *sections, GPtrArray *sockets, PfDBusController *controller)
{
  const char *address = pf_dbus_controller_get_address (controller);
  g_autofree char *name = pf_words_shorten_name (pf_dbus_controller_get_name (controller));
  /* Translators: sockets whose place is unknown, by their controller: its address and name */
  g_autofree char *title
      = g_strdup_printf (_ ("Place unknown: %s %s"), pf_words_shorten_address (address), name);
  PfSection *section = NULL;

  for (guint i = 0; i < sockets->len; i++)
    {
      PfSocket *socket = sockets->pdata[i];

      if (socket->place != PF_PLACE_UNKNOWN || !g_str_equal (socket->controller, address))
        continue;
      if (section == NULL)
        section = add_section (sections, address, title);
      g_ptr_array_add (section->sockets, socket);
    }
  if (!has_sockets (sockets, address) && !is_companion (sockets, address))
    add_section (sections, address, title)->note = describe_blank (controller);
}

/**
 * pf_sections_list:
 * @sockets: (element-type PfSocket): sockets, by controller
 * @controllers: (element-type PfDBusController): the controllers of the machine
 *
 * Returns: (transfer full) (element-type PfSection): the sockets by place; where nobody knows the place, by
 * controller. A controller without sockets has a section as well, that says why. They live no longer than
 * @sockets.
 */
GPtrArray *
pf_sections_list (GPtrArray *sockets, GPtrArray *controllers)
{
  GPtrArray *sections = g_ptr_array_new_with_free_func (free_section);

  for (guint place = 0; place < PF_PLACE_UNKNOWN; place++)
    add_place (sections, sockets, (PfPlace) place);
  for (guint i = 0; i < controllers->len; i++)
    add_controller (sections, sockets, controllers->pdata[i]);
  return sections;
}
