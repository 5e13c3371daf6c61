using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-formpost-basic-certification-test-plan", FormPost = true)]
public sealed class FormPostBasicPlan : BasicModules;
