using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-basic-certification-test-plan")]
public sealed class BasicPlan : BasicModules;
