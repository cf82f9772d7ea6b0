/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-indicator.h"

#include <libayatana-appindicator/app-indicator.h>
#include <libdbusmenu-glib/menuitem.h>
#include <libdbusmenu-glib/server.h>

#include <gdk/gdkx.h>
#include <glib/gi18n.h>

#include "pf-menu-model.h"
#include "pf-menu-view.h"

/* Not every panel says when it closes a menu. One that is open for longer than this shows what was last
 * known. */
#define MENU_OPEN_SECONDS 60

struct _PfIndicator
{
  GObject parent;
  PfTray *tray;
  PfMenuView *view;
  AppIndicator *icon;
  guint open_timeout; /* not 0 while the menu is, or may be, open */
};

G_DEFINE_TYPE (PfIndicator, pf_indicator, G_TYPE_OBJECT)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_state (PfIndicator *indicator)
{
  const PfTrayState *state = pf_tray_get_state (indicator->tray);
  g_autofree char *words = pf_tray_state_describe (state);
  /* Translators: %s is the state in words, for example "Everything is home" */
  g_autofree char *title = g_strdup_printf (_ ("Portferry: %s"), words);

  app_indicator_set_icon_full (indicator->icon, pf_look_get_icon_name (pf_tray_state_get_look (state)),
                               title);
  app_indicator_set_title (indicator->icon, title);
  pf_menu_view_update (indicator->view, pf_menu_model_build (state));
}

static void
close_menu (PfIndicator *indicator)
{
  if (indicator->open_timeout == 0)
    return;
  g_clear_handle_id (&indicator->open_timeout, g_source_remove);
  pf_tray_release (indicator->tray);
}

static gboolean
on_open_timeout (gpointer user_data)
{
  PfIndicator *indicator = user_data;

  indicator->open_timeout = 0;
  pf_tray_release (indicator->tray);
  return G_SOURCE_REMOVE;
}

static void
open_menu (PfIndicator *indicator)
{
  guint earlier = indicator->open_timeout;

  indicator->open_timeout = g_timeout_add_seconds (MENU_OPEN_SECONDS, on_open_timeout, indicator);
  pf_tray_hold (indicator->tray);
  if (earlier != 0)
    {
      g_source_remove (earlier);
      pf_tray_release (indicator->tray);
    }
}

static gboolean
on_root_about_to_show (DbusmenuMenuitem *root, gpointer user_data)
{
  open_menu (user_data);
  return FALSE; /* the layout has not changed yet; when it does, the panel is told */
}

static gboolean
on_root_event (DbusmenuMenuitem *root, const char *name, GVariant *value, guint timestamp, gpointer user_data)
{
  if (g_str_equal (name, DBUSMENU_MENUITEM_EVENT_OPENED))
    open_menu (user_data);
  else if (g_str_equal (name, DBUSMENU_MENUITEM_EVENT_CLOSED))
    close_menu (user_data);
  return FALSE;
}

/* The panel shows a copy of the menu, and asks for it through this. */
static void
watch_exported_menu (PfIndicator *indicator)
{
  g_autoptr (GObject) server = NULL;
  g_autoptr (GObject) root = NULL;

  g_object_get (indicator->icon, "dbus-menu-server", &server, NULL);
  g_return_if_fail (server != NULL);
  g_object_get (server, DBUSMENU_SERVER_PROP_ROOT_NODE, &root, NULL);
  g_return_if_fail (root != NULL);
  g_signal_connect_object (root, DBUSMENU_MENUITEM_SIGNAL_ABOUT_TO_SHOW, G_CALLBACK (on_root_about_to_show),
                           indicator, 0);
  g_signal_connect_object (root, DBUSMENU_MENUITEM_SIGNAL_EVENT, G_CALLBACK (on_root_event), indicator, 0);
}

/* The panel may look for icons in other places than we do: it is an older process, or we are not installed.
 * What it wants to know is the folder that holds the theme: the fourth above the icon. */
static void
show_icons_to_panel (PfIndicator *indicator)
{
  g_autoptr (GtkIconInfo) icon = NULL;
  g_autofree char *folder = NULL;

  icon = gtk_icon_theme_lookup_icon (gtk_icon_theme_get_default (), pf_look_get_icon_name (PF_LOOK_HOME), 22,
                                     0);
  if (icon == NULL || gtk_icon_info_get_filename (icon) == NULL)
    return;
  folder = g_strdup (gtk_icon_info_get_filename (icon));
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *below = folder;

      folder = g_path_get_dirname (below);
    }
  app_indicator_set_icon_theme_path (indicator->icon, folder);
}

static void
on_view_chosen (PfMenuView *view, guint verb, const char *target, gpointer user_data)
{
  g_signal_emit (user_data, signals[CHOSEN], 0, verb, target);
}

static void
pf_indicator_dispose (GObject *object)
{
  PfIndicator *indicator = PF_INDICATOR (object);

  if (indicator->tray != NULL)
    {
      g_signal_handlers_disconnect_by_data (indicator->tray, indicator);
      close_menu (indicator);
    }
  g_clear_object (&indicator->icon);
  g_clear_object (&indicator->view);
  g_clear_object (&indicator->tray);
  G_OBJECT_CLASS (pf_indicator_parent_class)->dispose (object);
}

static void
pf_indicator_class_init (PfIndicatorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_indicator_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", PF_TYPE_INDICATOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
}

static void
pf_indicator_init (PfIndicator *indicator)
{
}

/**
 * pf_indicator_new:
 * @tray: what to show
 *
 * Returns: (transfer full): an icon in the panel, for as long as it lives
 */
PfIndicator *
pf_indicator_new (PfTray *tray)
{
  PfIndicator *indicator = g_object_new (PF_TYPE_INDICATOR, NULL);
  GtkMenu *menu;

  indicator->tray = g_object_ref (tray);
  indicator->view = pf_menu_view_new ();
  indicator->icon = app_indicator_new ("org.portferry.Portferry", pf_look_get_icon_name (PF_LOOK_HOME),
                                       APP_INDICATOR_CATEGORY_HARDWARE);
  menu = pf_menu_view_get_menu (indicator->view);
  show_icons_to_panel (indicator);
  show_state (indicator);
  app_indicator_set_menu (indicator->icon, menu);
  app_indicator_set_status (indicator->icon, APP_INDICATOR_STATUS_ACTIVE);
  watch_exported_menu (indicator);
  /* Where there is no panel for indicators, the menu itself is on the screen. ("show" would be too early.) */
  g_signal_connect_object (menu, "map", G_CALLBACK (open_menu), indicator, G_CONNECT_SWAPPED);
  g_signal_connect_object (menu, "unmap", G_CALLBACK (close_menu), indicator, G_CONNECT_SWAPPED);
  g_signal_connect_object (indicator->view, "chosen", G_CALLBACK (on_view_chosen), indicator, 0);
  g_signal_connect_object (tray, "changed", G_CALLBACK (show_state), indicator, G_CONNECT_SWAPPED);
  return indicator;
}

/**
 * pf_indicator_popup:
 * @indicator: an indicator
 *
 * Opens the menu at the pointer, for desktops and people that have no panel to click in.
 *
 * Returns: FALSE where a program without a window cannot open a menu: on Wayland
 */
gboolean
pf_indicator_popup (PfIndicator *indicator)
{
  GdkDisplay *display = gdk_display_get_default ();
  GdkEvent *event;

  if (!GDK_IS_X11_DISPLAY (display))
    return FALSE;
  /* GTK places a menu by the event that it is for. There is none here, so it gets the pointer as it is now.
   */
  event = gdk_event_new (GDK_BUTTON_PRESS);
  event->button.window = g_object_ref (gdk_screen_get_root_window (gdk_display_get_default_screen (display)));
  gdk_event_set_device (event, gdk_seat_get_pointer (gdk_display_get_default_seat (display)));
  gtk_menu_popup_at_pointer (pf_menu_view_get_menu (indicator->view), event);
  gdk_event_free (event);
  return TRUE;
}
