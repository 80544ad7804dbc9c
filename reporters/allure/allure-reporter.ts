import type { FullConfig } from '@playwright/test/reporter';
import { AllureReporter } from 'allure-playwright';

/** Allure's reporter for Playwright, which also bears the configuration without projects that a merge begins with. */
export default class MergingAllureReporter extends AllureReporter {
  override onConfigure(config: FullConfig): void {
    if (config.projects.length > 0) super.onConfigure(config);
    else this.config = config;
  }
}
