/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-bus.h"

#include "pf-pci-address.h"
#include "pf-profile.h"

/**
 * pf_bus_register_errors:
 *
 * Makes every PfError travel over D-Bus under its own name, in both directions. Call it before the first D-Bus call.
 */
void
pf_bus_register_errors (void)
{
  for (guint code = 0; code < PF_N_ERRORS; code++)
    {
      g_autofree char *name = g_strconcat (PF_BUS_ERROR_PREFIX, pf_error_get_name (code), NULL);

      g_dbus_error_register_error (PF_ERROR, (int) code, name);
    }
}

/**
 * pf_bus_controller_path:
 * @address: a canonical PCI address
 *
 * Returns: (transfer full): its object path, for example "/org/portferry1/controllers/0000_00_14_0"
 */
char *
pf_bus_controller_path (const char *address)
{
  g_autofree char *element = pf_pci_address_to_path_element (address);

  return g_strconcat (PF_BUS_CONTROLLERS_PATH "/", element, NULL);
}

/**
 * pf_bus_profile_path:
 * @id: a valid profile id
 *
 * Returns: (transfer full): its object path; "-" and "_" are not both allowed there, so they become "_2d", "_5f"
 */
char *
pf_bus_profile_path (const char *id)
{
  GString *path = g_string_new (PF_BUS_PROFILES_PATH "/");

  for (const char *c = id; *c != '\0'; c++)
    if (g_ascii_isalnum (*c))
      g_string_append_c (path, *c);
    else
      g_string_append_printf (path, "_%02x", (guint) (guchar) *c);
  return g_string_free (path, FALSE);
}

static char *
decode_element (const char *element)
{
  GString *id = g_string_new (NULL);

  for (const char *c = element; *c != '\0'; c++)
    if (*c == '_' && g_ascii_isxdigit (c[1]) && g_ascii_isxdigit (c[2]))
      {
        g_string_append_c (id, (char) (g_ascii_xdigit_value (c[1]) * 16 + g_ascii_xdigit_value (c[2])));
        c += 2;
      }
    else
      g_string_append_c (id, *c);
  return g_string_free (id, FALSE);
}

/**
 * pf_bus_profile_id_from_path:
 * @path: any object path
 * @error: PF_ERROR_NO_SUCH_PROFILE when it cannot be a profile's
 *
 * Returns: (transfer full): the id that pf_bus_profile_path() makes this path of
 */
char *
pf_bus_profile_id_from_path (const char *path, GError **error)
{
  if (g_str_has_prefix (path, PF_BUS_PROFILES_PATH "/"))
    {
      g_autofree char *id = decode_element (path + strlen (PF_BUS_PROFILES_PATH "/"));
      g_autofree char *back = NULL;

      if (pf_profile_id_is_valid (id, NULL))
        back = pf_bus_profile_path (id);
      if (g_strcmp0 (back, path) == 0)
        return g_steal_pointer (&id);
    }
  g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE, "There is no profile at “%s”.", path);
  return NULL;
}

/**
 * pf_bus_controller_address_from_path:
 * @path: any object path
 * @error: PF_ERROR_NO_SUCH_DEVICE when it cannot be a controller's
 *
 * Returns: (transfer full): the PCI address
 */
char *
pf_bus_controller_address_from_path (const char *path, GError **error)
{
  if (g_str_has_prefix (path, PF_BUS_CONTROLLERS_PATH "/"))
    {
      g_auto (GStrv) parts = g_strsplit (path + strlen (PF_BUS_CONTROLLERS_PATH "/"), "_", -1);

      if (g_strv_length (parts) == 4)
        {
          g_autofree char *address = g_strdup_printf ("%s:%s:%s.%s", parts[0], parts[1], parts[2], parts[3]);

          if (pf_pci_address_is_canonical (address))
            return g_steal_pointer (&address);
        }
    }
  g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE, "There is no controller at “%s”.", path);
  return NULL;
}
