namespace Azure.Data.Tables.Models;

/// <summary>What the service says is wrong, to compare with <see cref="RequestFailedException.ErrorCode"/>.</summary>
public readonly struct TableErrorCode : IEquatable<TableErrorCode>
{
    private readonly string value;

    public TableErrorCode(string value) => this.value = value ?? throw new ArgumentNullException(nameof(value));

    public static TableErrorCode AuthorizationPermissionMismatch { get; } = new("AuthorizationPermissionMismatch");

    public static TableErrorCode AuthorizationResourceTypeMismatch { get; } = new("AuthorizationResourceTypeMismatch");

    public static TableErrorCode CommandsInBatchActOnDifferentPartitions { get; } = new("CommandsInBatchActOnDifferentPartitions");

    public static TableErrorCode ContentLengthExceeded { get; } = new("ContentLengthExceeded");

    public static TableErrorCode DuplicateKeyPropertySpecified { get; } = new("DuplicateKeyPropertySpecified");

    public static TableErrorCode DuplicatePropertiesSpecified { get; } = new("DuplicatePropertiesSpecified");

    public static TableErrorCode EntityAlreadyExists { get; } = new("EntityAlreadyExists");

    public static TableErrorCode EntityNotFound { get; } = new("EntityNotFound");

    public static TableErrorCode EntityTooLarge { get; } = new("EntityTooLarge");

    public static TableErrorCode Forbidden { get; } = new("Forbidden");

    public static TableErrorCode InvalidDuplicateRow { get; } = new("InvalidDuplicateRow");

    public static TableErrorCode InvalidInput { get; } = new("InvalidInput");

    public static TableErrorCode InvalidValueType { get; } = new("InvalidValueType");

    public static TableErrorCode KeyValueTooLarge { get; } = new("KeyValueTooLarge");

    public static TableErrorCode MediaTypeNotSupported { get; } = new("MediaTypeNotSupported");

    public static TableErrorCode MethodNotAllowed { get; } = new("MethodNotAllowed");

    public static TableErrorCode NotImplemented { get; } = new("NotImplemented");

    public static TableErrorCode OperationTimedOut { get; } = new("OperationTimedOut");

    public static TableErrorCode OperatorInvalid { get; } = new("OperatorInvalid");

    public static TableErrorCode OutOfRangeInput { get; } = new("OutOfRangeInput");

    public static TableErrorCode PartitionKeyEqualityComparisonExpected { get; } = new("PartitionKeyEqualityComparisonExpected");

    public static TableErrorCode PartitionKeyNotSpecified { get; } = new("PartitionKeyNotSpecified");

    public static TableErrorCode PartitionKeyPropertyCannotBeUpdated { get; } = new("PartitionKeyPropertyCannotBeUpdated");

    public static TableErrorCode PartitionKeySpecifiedMoreThanOnce { get; } = new("PartitionKeySpecifiedMoreThanOnce");

    public static TableErrorCode PrimaryKeyPropertyIsInvalidType { get; } = new("PrimaryKeyPropertyIsInvalidType");

    public static TableErrorCode PropertiesNeedValue { get; } = new("PropertiesNeedValue");

    public static TableErrorCode PropertyNameInvalid { get; } = new("PropertyNameInvalid");

    public static TableErrorCode PropertyNameTooLong { get; } = new("PropertyNameTooLong");

    public static TableErrorCode PropertyValueTooLarge { get; } = new("PropertyValueTooLarge");

    public static TableErrorCode ResourceNotFound { get; } = new("ResourceNotFound");

    public static TableErrorCode TableAlreadyExists { get; } = new("TableAlreadyExists");

    public static TableErrorCode TableBeingDeleted { get; } = new("TableBeingDeleted");

    public static TableErrorCode TableHasNoProperties { get; } = new("TableHasNoProperties");

    public static TableErrorCode TableHasNoSuchProperty { get; } = new("TableHasNoSuchProperty");

    public static TableErrorCode TableNotFound { get; } = new("TableNotFound");

    public static TableErrorCode TooManyProperties { get; } = new("TooManyProperties");

    public static TableErrorCode UpdateConditionNotSatisfied { get; } = new("UpdateConditionNotSatisfied");

    public static implicit operator TableErrorCode(string value) => new(value);

    public static bool operator ==(TableErrorCode left, TableErrorCode right) => left.Equals(right);

    public static bool operator !=(TableErrorCode left, TableErrorCode right) => !left.Equals(right);

    public static bool operator ==(TableErrorCode code, string? value) => code.Is(value);

    public static bool operator !=(TableErrorCode code, string? value) => !code.Is(value);

    public static bool operator ==(string? value, TableErrorCode code) => code.Is(value);

    public static bool operator !=(string? value, TableErrorCode code) => !code.Is(value);

    public bool Equals(TableErrorCode other) => Is(other.value);

    public override bool Equals(object? obj) => obj is TableErrorCode other && Equals(other);

    public override int GetHashCode() => value?.GetHashCode(StringComparison.OrdinalIgnoreCase) ?? 0;

    public override string ToString() => value;

    private bool Is(string? other) => string.Equals(value, other, StringComparison.OrdinalIgnoreCase);
}
