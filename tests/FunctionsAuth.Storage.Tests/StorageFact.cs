using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FunctionsAuth.Storage.Tests;

/// <summary>A class whose tests need an account (Azurite's will do), named by a connection string in the environment.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsStorageAttribute : Attribute
{
    private const string Variable = "FUNCTIONSAUTH_TEST_STORAGE";

    public static string? ConnectionString => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    public static string Missing => $"Set {Variable} to a connection string, for example Azurite's, to run this test.";
}

/// <summary>A fact that is skipped in a class that needs an account while there is none.</summary>
[XunitTestCaseDiscoverer("FunctionsAuth.Storage.Tests.StorageFactDiscoverer", "FunctionsAuth.Storage.Tests")]
public sealed class StorageFactAttribute : FactAttribute;

// The attribute stands on the suite's method, which classes with and without an account inherit: only the test case knows its class.
public sealed class StorageFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new StorageTestCase(
            DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class StorageTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the de-serializer; should only be called by deriving classes for de-serialization purposes")]
    public StorageTestCase() { }

    public StorageTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method) { }

    protected override string? GetSkipReason(IAttributeInfo factAttribute)
    {
        var needsStorage = TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsStorageAttribute)).Any();
        return needsStorage && NeedsStorageAttribute.ConnectionString is null
            ? NeedsStorageAttribute.Missing
            : base.GetSkipReason(factAttribute);
    }
}
