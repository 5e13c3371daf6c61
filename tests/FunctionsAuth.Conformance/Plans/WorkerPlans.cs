using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

// The same modules again, with what ships.

[Plan("oidcc-basic-certification-test-plan", Server = ServerKind.Worker)]
public sealed class WorkerBasicPlan : BasicModules;

[Plan("oidcc-config-certification-test-plan", Server = ServerKind.Worker)]
public sealed class WorkerConfigPlan : ConfigModules;
