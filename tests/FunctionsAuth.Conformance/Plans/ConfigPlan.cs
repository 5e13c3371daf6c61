using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-config-certification-test-plan")]
public sealed class ConfigPlan : ConfigModules;
