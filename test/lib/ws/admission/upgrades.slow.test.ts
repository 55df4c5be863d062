import { describeUpgrades } from "./upgrade-cases";

describeUpgrades(2);
