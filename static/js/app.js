// Registers what makes the pages nearer; every page is complete without it.
import { Application } from "@hotwired/stimulus";
import ComposerController from "./controllers/composer_controller.js";
import CopyController from "./controllers/copy_controller.js";
import FilterController from "./controllers/filter_controller.js";
import MenuController from "./controllers/menu_controller.js";
import NoticesController from "./controllers/notices_controller.js";
import OnceController from "./controllers/once_controller.js";
import PreviewController from "./controllers/preview_controller.js";
import PrintController from "./controllers/print_controller.js";
import ReadingController from "./controllers/reading_controller.js";
import RelativeTimeController from "./controllers/relative_time_controller.js";
import ReplyController from "./controllers/reply_controller.js";
import TabsController from "./controllers/tabs_controller.js";

const application = Application.start();
application.register("composer", ComposerController);
application.register("copy", CopyController);
application.register("filter", FilterController);
application.register("menu", MenuController);
application.register("notices", NoticesController);
application.register("once", OnceController);
application.register("preview", PreviewController);
application.register("print", PrintController);
application.register("reading", ReadingController);
application.register("relative-time", RelativeTimeController);
application.register("reply", ReplyController);
application.register("tabs", TabsController);
