/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-windows.h"

#include "pf-doctor-window.h"
#include "pf-learn-assistant.h"
#include "pf-ports-window.h"
#include "pf-profile-editor.h"
#include "pf-shortcut-window.h"
#include "pf-vm-window.h"
#include "pf-welcome-window.h"

struct _PfWindows
{
  GObject parent;
  GtkApplication *application; /* (unowned) */
  PfClient *client;
  PfPortalKeys *portal_keys;
  GHashTable *open; /* name → GtkWidget */
};

G_DEFINE_TYPE (PfWindows, pf_windows, G_TYPE_OBJECT)

static void
forget (GtkWidget *widget, PfWindows *windows)
{
  GHashTableIter iter;
  gpointer window;

  g_hash_table_iter_init (&iter, windows->open);
  while (g_hash_table_iter_next (&iter, NULL, &window))
    if (window == widget)
      g_hash_table_iter_remove (&iter);
}

typedef GtkWidget *(*CreateFunc) (GtkApplication *application, PfClient *client);

/* Whether it is open already; then it is raised. */
static gboolean
raise_window (PfWindows *windows, const char *name)
{
  GtkWidget *window = g_hash_table_lookup (windows->open, name);

  if (window == NULL)
    return FALSE;
  gtk_window_present (GTK_WINDOW (window));
  return TRUE;
}

static void
show_window (PfWindows *windows, const char *name, GtkWidget *window)
{
  g_hash_table_insert (windows->open, g_strdup (name), window);
  g_signal_connect_object (window, "destroy", G_CALLBACK (forget), windows, 0);
  gtk_window_present (GTK_WINDOW (window));
}

static void
show_simple (PfWindows *windows, const char *name, CreateFunc create)
{
  if (!raise_window (windows, name))
    show_window (windows, name, create (windows->application, windows->client));
}

static void
pf_windows_dispose (GObject *object)
{
  PfWindows *windows = PF_WINDOWS (object);
  g_autoptr (GList) open = windows->open != NULL ? g_hash_table_get_values (windows->open) : NULL;

  for (GList *window = open; window != NULL; window = window->next)
    gtk_widget_destroy (window->data);
  g_clear_pointer (&windows->open, g_hash_table_unref);
  g_clear_object (&windows->client);
  g_clear_object (&windows->portal_keys);
  G_OBJECT_CLASS (pf_windows_parent_class)->dispose (object);
}

static void
pf_windows_class_init (PfWindowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_windows_dispose;
}

static void
pf_windows_init (PfWindows *windows)
{
  windows->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * pf_windows_new:
 * @application: whose windows they will be; has to outlive them
 * @client: the helper's client
 * @portal_keys: the shortcuts of the desktop's portal
 *
 * Returns: (transfer full): the windows, none of which is open
 */
PfWindows *
pf_windows_new (GtkApplication *application, PfClient *client, PfPortalKeys *portal_keys)
{
  PfWindows *windows = g_object_new (PF_TYPE_WINDOWS, NULL);

  windows->application = application;
  windows->client = g_object_ref (client);
  windows->portal_keys = g_object_ref (portal_keys);
  return windows;
}

void
pf_windows_show_ports (PfWindows *windows)
{
  show_simple (windows, "ports", pf_ports_window_new);
}

void
pf_windows_show_learn (PfWindows *windows)
{
  show_simple (windows, "learn", pf_learn_assistant_new);
}

void
pf_windows_show_welcome (PfWindows *windows)
{
  show_simple (windows, "welcome", pf_welcome_window_new);
}

void
pf_windows_show_doctor (PfWindows *windows)
{
  show_simple (windows, "doctor", pf_doctor_window_new);
}

void
pf_windows_show_shortcut (PfWindows *windows)
{
  const char *name = "shortcut";

  if (!raise_window (windows, name))
    show_window (windows, name,
                 pf_shortcut_window_new (windows->application, windows->client, windows->portal_keys));
}

void
pf_windows_show_vm (PfWindows *windows)
{
  show_simple (windows, "vm", pf_vm_window_new);
}

/**
 * pf_windows_show_editor:
 * @windows: the windows
 * @profile_id: (nullable): the profile to edit; NULL for a new one
 */
void
pf_windows_show_editor (PfWindows *windows, const char *profile_id)
{
  g_autofree char *name = g_strconcat ("editor ", profile_id, NULL);

  if (!raise_window (windows, name))
    show_window (windows, name, pf_profile_editor_new (windows->application, windows->client, profile_id));
}
