using System.Reflection;
using FunctionsAuth.Conformance.Fapi;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FunctionsAuth.Conformance.Running;

/// <summary>A test that stands for a module of the suite. Its result goes into the table.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("FunctionsAuth.Conformance.Running.ModuleDiscoverer", "FunctionsAuth.Conformance")]
public sealed class ModuleAttribute : FactAttribute
{
    /// <param name="name">As the suite names the module.</param>
    public ModuleAttribute(string name)
    {
        Name = name;
        DisplayName = name;
    }

    public string Name { get; }

    /// <summary>Of a FAPI 2.0 plan: the variants that have it.</summary>
    public FapiPart Part { get; init; }
}

/// <summary>
/// Ends a module that the suite would skip, because the server does without what it tests and says so. The test counts as skipped.
/// </summary>
public sealed class SkippedException(string reason) : Exception(reason);

/// <summary>Ends a module that can't run on this machine. The test counts as skipped.</summary>
/// <param name="reason">A sentence that says what is missing.</param>
public sealed class CantRunException(string reason) : Exception(reason);

/// <summary>Makes a <see cref="ModuleCase"/> of each <see cref="ModuleAttribute"/>.</summary>
public sealed class ModuleDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        IsOfPlan(testMethod.TestClass.Class.ToRuntimeType(), factAttribute.GetNamedArgument<FapiPart>(nameof(ModuleAttribute.Part))) ? [Case(discoveryOptions, testMethod)] : [];

    private ModuleCase Case(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod) => new(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);

    private static bool IsOfPlan(Type plan, FapiPart part) => plan.GetCustomAttribute<FapiPlanAttribute>() is not { } variant
        || part switch { FapiPart.Dpop => !variant.CertificateBound, FapiPart.PrivateKeyJwt => !variant.CertificateAuth, _ => true };
}

/// <summary>Runs a module and writes down how it ended.</summary>
public sealed class ModuleCase : XunitTestCase
{
    /// <summary>For xunit, which fills it.</summary>
    [Obsolete("Only for deserialization.")]
    public ModuleCase()
    {
    }

    public ModuleCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions displayOptions, ITestMethod method)
        : base(diagnostics, display, displayOptions, method)
    {
    }

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource)
    {
        using var results = new ModuleResults(messageBus, PlanAttribute.Of(TestMethod.TestClass.Class.ToRuntimeType()), DisplayName);
        var summary = await base.RunAsync(diagnosticMessageSink, results, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= results.Skipped;
        summary.Skipped += results.Skipped;
        return summary;
    }
}

/// <summary>Listens for how a module ends. One that the suite would skip counts as skipped, as does one that can't run here.</summary>
internal sealed class ModuleResults(IMessageBus inner, PlanAttribute plan, string module) : IMessageBus
{
    public int Skipped { get; private set; }

    public bool QueueMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestFailed { ExceptionTypes: [var type], Messages: [var reason] } skipped when type == typeof(SkippedException).FullName:
                return Skip(skipped.Test, "SKIPPED", reason);
            case ITestFailed { ExceptionTypes: [var type], Messages: [var reason] } notRun when type == typeof(CantRunException).FullName:
                return Skip(notRun.Test, "NOT RUN", reason);
            case ITestFailed failed:
                Report.Add(plan, module, "FAILED", string.Join("; ", failed.Messages));
                break;
            case ITestPassed:
                Report.Add(plan, module, "PASSED", "");
                break;
        }
        return inner.QueueMessage(message);
    }

    private bool Skip(ITest test, string result, string reason)
    {
        Skipped++;
        Report.Add(plan, module, result, reason);
        return inner.QueueMessage(new TestSkipped(test, reason));
    }

    public void Dispose()
    {
        // The bus is not ours.
    }
}
